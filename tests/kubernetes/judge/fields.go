package main

import (
	"fmt"
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var types = map[string]reflect.Type{
	"PodSpec":            reflect.TypeOf(corev1.PodSpec{}),
	"Container":          reflect.TypeOf(corev1.Container{}),
	"EphemeralContainer": reflect.TypeOf(corev1.EphemeralContainer{}),
	"EnvVar":             reflect.TypeOf(corev1.EnvVar{}),
	"PodSecurityContext": reflect.TypeOf(corev1.PodSecurityContext{}),
	"SecurityContext":    reflect.TypeOf(corev1.SecurityContext{}),
	"Volume":             reflect.TypeOf(corev1.Volume{}),
	"VolumeMount":        reflect.TypeOf(corev1.VolumeMount{}),
}

// fields lists for each type of core/v1 the names of its fields as JSON has them, with those of embedded types.
func fields(names []string) (map[string][]string, error) {
	found := map[string][]string{}
	for _, name := range names {
		known, ok := types[name]
		if !ok {
			return nil, fmt.Errorf("no type %q is known", name)
		}
		found[name] = fieldsOf(known)
	}
	return found, nil
}

func fieldsOf(known reflect.Type) []string {
	found := []string{}
	for index := range known.NumField() {
		field := known.Field(index)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "" && field.Anonymous:
			found = append(found, fieldsOf(field.Type)...)
		case name != "" && name != "-":
			found = append(found, name)
		}
	}
	return found
}
