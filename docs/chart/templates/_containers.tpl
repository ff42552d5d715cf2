{{- define "web.shipper" }}
- name: shipper
  image: busybox:1.37
  command: ["sh", "-c", "tail -F {{ .Values.log.directory }}/access.log"]
{{- end }}
