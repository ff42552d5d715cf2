package main

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
)

var strict = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()

// validate decodes and defaults an object, drops the fields of features that are off, and says why the API
// server would reject it. Unknown fields count, as kubectl asks for that.
func validate(data []byte) ([]string, error) {
	complaints := []string{}
	object, err := runtime.Decode(strict, data)
	if runtime.IsNotRegisteredError(err) || runtime.IsMissingKind(err) || runtime.IsMissingVersion(err) {
		return nil, err
	}
	if err != nil {
		complaints = append(complaints, err.Error())
		if !runtime.IsStrictDecodingError(err) {
			return complaints, nil
		}
	}
	if err := inNamespace(object); err != nil {
		return nil, err
	}
	found, err := validateObject(object)
	for _, one := range found {
		complaints = append(complaints, one.Error())
	}
	return complaints, err
}

// inNamespace names a namespace, as every request to the API server does.
func inNamespace(object runtime.Object) error {
	accessor, ok := object.(metav1.Object)
	if !ok {
		return fmt.Errorf("%T has no metadata", object)
	}
	if accessor.GetNamespace() == "" {
		accessor.SetNamespace(metav1.NamespaceDefault)
	}
	return nil
}

func validateObject(object runtime.Object) (field.ErrorList, error) {
	switch object := object.(type) {
	case *core.Pod:
		return validatePod(object), nil
	case *core.PodTemplate:
		return corevalidation.ValidatePodTemplate(object, optionsFor(&object.Template)), nil
	case *core.ReplicationController:
		if object.Spec.Template == nil {
			return corevalidation.ValidateReplicationController(object, corevalidation.PodValidationOptions{}), nil
		}
		return corevalidation.ValidateReplicationController(object, optionsFor(object.Spec.Template)), nil
	case *apps.ReplicaSet:
		return appsvalidation.ValidateReplicaSet(object, optionsFor(&object.Spec.Template)), nil
	case *apps.Deployment:
		return appsvalidation.ValidateDeployment(object, optionsFor(&object.Spec.Template)), nil
	case *apps.DaemonSet:
		return appsvalidation.ValidateDaemonSet(object, optionsFor(&object.Spec.Template)), nil
	case *apps.StatefulSet:
		set := appsvalidation.StatefulSetValidationOptions{}
		return appsvalidation.ValidateStatefulSet(object, set, optionsFor(&object.Spec.Template)), nil
	case *batch.Job:
		// The selector and its labels are made by the API server, so it is judged as a job that is yet to be made.
		template := batch.JobTemplateSpec{ObjectMeta: object.ObjectMeta, Spec: object.Spec}
		options := optionsFor(&template.Spec.Template)
		return batchvalidation.ValidateJobTemplateSpec(&template, nil, nil, options), nil
	case *batch.CronJob:
		return batchvalidation.ValidateCronJobCreate(object, optionsFor(&object.Spec.JobTemplate.Spec.Template)), nil
	}
	return nil, fmt.Errorf("%T carries no pod", object)
}

// optionsFor drops the fields of features that are off, and gives the options for a template that is new.
func optionsFor(template *core.PodTemplateSpec) corevalidation.PodValidationOptions {
	podutil.DropDisabledTemplateFields(template, nil)
	return podutil.GetValidationOptionsFromPodTemplate(template, nil)
}

// validatePod judges a pod that is created and then, as a live one may have them, gets its ephemeral containers.
func validatePod(pod *core.Pod) field.ErrorList {
	podutil.DropDisabledPodFields(pod, nil)
	created := pod.DeepCopy()
	created.Spec.EphemeralContainers = nil
	options := podutil.GetValidationOptionsFromPodSpecAndMeta(&created.Spec, nil, &created.ObjectMeta, nil)
	options.ResourceIsPod = true
	complaints := corevalidation.ValidatePodCreate(created, options)
	if len(pod.Spec.EphemeralContainers) == 0 {
		return complaints
	}
	pod.ResourceVersion = "1"
	created.ResourceVersion = "1"
	return append(complaints, corevalidation.ValidatePodEphemeralContainersUpdate(pod, created, options)...)
}
