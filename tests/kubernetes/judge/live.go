package main

import (
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// live gives an object as the API server gives it back: decoded, with its defaults, in the version in which it
// was sent.
func live(data []byte) (json.RawMessage, error) {
	var sent metav1.TypeMeta
	if err := json.Unmarshal(data, &sent); err != nil {
		return nil, err
	}
	object, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), data)
	if err != nil {
		return nil, err
	}
	if err := inNamespace(object); err != nil {
		return nil, err
	}
	version, err := schema.ParseGroupVersion(sent.APIVersion)
	if err != nil {
		return nil, err
	}
	encoded, err := runtime.Encode(legacyscheme.Codecs.LegacyCodec(version), object)
	return json.RawMessage(encoded), err
}
