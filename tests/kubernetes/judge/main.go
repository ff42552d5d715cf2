// Judge answers for Kubernetes: whether the API server takes an object, what the kubelet makes of $(NAME), and
// which features a version has. It reads requests from standard input, one JSON object a line, and writes an
// answer for each, in their order.
//
//	{"manifest": "YAML"}                         {"objects": [{…}]}
//	{"object": {…}, "version": "1.37"}           {"errors": ["spec.containers[0].name: Required value"]}
//	{"live": {…}}                                {"object": {…}}
//	{"expand": ["$(A)"], "variables": {"A": ""}} {"expanded": [""]}
//	{"fields": ["Volume"]}                       {"fields": {"Volume": ["awsElasticBlockStore", …]}}
//	{"features": ["ImageVolume"]}                {"features": {"ImageVolume": [{"since": "1.35", "on": true, …}]}, "version": "1.37"}
//
// A request that it cannot answer gets {"error": "why"}.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apimachinery/pkg/util/yaml"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/capabilities"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

type request struct {
	Manifest  *string           `json:"manifest"`
	Object    json.RawMessage   `json:"object"`
	Live      json.RawMessage   `json:"live"`
	Version   string            `json:"version"`
	Expand    []string          `json:"expand"`
	Variables map[string]string `json:"variables"`
	Fields    []string          `json:"fields"`
	Features  []string          `json:"features"`
}

type answer map[string]any

// change is what a version of Kubernetes changed about a feature.
type change struct {
	Since string `json:"since"`
	On    bool   `json:"on"`
	Stage string `json:"stage"`
}

func main() {
	capabilities.Setup(true, 0)
	// Each change of the emulated version is warned of, feature by feature.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		answered, err := respond(line)
		if err != nil {
			answered = answer{"error": err.Error()}
		}
		if err := out.Encode(answered); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func respond(line []byte) (answer, error) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	switch {
	case asked.Manifest != nil:
		objects, err := objectsOf(*asked.Manifest)
		return answer{"objects": objects}, err
	case asked.Object != nil:
		if err := emulate(asked.Version); err != nil {
			return nil, err
		}
		complaints, err := validate(asked.Object)
		return answer{"errors": complaints}, err
	case asked.Live != nil:
		given, err := live(asked.Live)
		return answer{"object": given}, err
	case asked.Expand != nil:
		return answer{"expanded": expand(asked.Expand, asked.Variables)}, nil
	case asked.Fields != nil:
		found, err := fields(asked.Fields)
		return answer{"fields": found}, err
	case asked.Features != nil:
		return answer{"features": changes(asked.Features), "version": majorMinor(newest)}, nil
	}
	return nil, errors.New("nothing is asked")
}

// objectsOf reads the documents of a manifest as kubectl does, which turns YAML into JSON.
func objectsOf(manifest string) ([]json.RawMessage, error) {
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(manifest), 4096)
	objects := []json.RawMessage{}
	for {
		var object runtime.RawExtension
		err := decoder.Decode(&object)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		if len(object.Raw) > 0 && string(object.Raw) != "null" {
			objects = append(objects, object.Raw)
		}
	}
}

// emulate turns all features on and off as an older version of Kubernetes has them; "" is the version of this
// module.
func emulate(written string) error {
	gate := utilfeature.DefaultMutableFeatureGate
	emulated := newest
	if written != "" {
		parsed, err := version.ParseMajorMinor(written)
		if err != nil {
			return err
		}
		emulated = parsed
	}
	if emulated.EqualTo(gate.EmulationVersion()) {
		return nil
	}
	return gate.SetEmulationVersion(emulated)
}

var newest = utilfeature.DefaultMutableFeatureGate.EmulationVersion()

func expand(written []string, variables map[string]string) []string {
	expanded := make([]string, len(written))
	for index, one := range written {
		expanded[index] = expansion.Expand(one, expansion.MappingFuncFor(variables))
	}
	return expanded
}

func majorMinor(one *version.Version) string {
	return fmt.Sprintf("%d.%d", one.Major(), one.Minor())
}

// changes lists for each feature, from old to new, what versions made of it; a feature that this version no
// longer has is left out.
func changes(names []string) map[string][]change {
	known := utilfeature.DefaultMutableFeatureGate.GetAllVersioned()
	found := map[string][]change{}
	for _, name := range names {
		for _, spec := range known[featuregate.Feature(name)] {
			one := change{Since: spec.Version.String(), On: spec.Default, Stage: string(spec.PreRelease)}
			found[name] = append(found[name], one)
		}
	}
	return found
}
