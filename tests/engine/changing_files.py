"""A small repository, and what each of its files may turn into."""

from __future__ import annotations

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
  - name: app
    image: acme/app:1
    command: [sh, /run/run.sh]
    env: [{name: A, valueFrom: {configMapKeyRef: {name: run, key: absent}}}]
    volumeMounts: [{name: run, mountPath: /run}, {name: media, mountPath: /media}]
  volumes: [{name: run, configMap: {name: run}}]
"""
ENV = "    env: [{name: A, valueFrom: {configMapKeyRef: {name: run, key: absent}}}]\n"
OTHER_POD = (
    POD.replace(ENV, "")
    .replace("name: app", "name: other")
    .replace("configMap: {name", "secret: {secretName")
)
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: report}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: echo, image: busybox, command: [sh, -c, "acme-copy; echo 'run $(date) by hand'"]}
"""
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "registry.example/web:1"}]
"""
SCRIPT = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: run}
data:
  run.sh: |
    echo 'now $(date)'
"""
SECRET = SCRIPT.replace("ConfigMap", "Secret").replace("\ndata:", "\nstringData:")
LIST = "kind: List\nitems:\n- " + SCRIPT.replace("\n", "\n  ").rstrip() + "\n"
SCALER = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}
"""
LIMITS = """\
apiVersion: v1
kind: LimitRange
metadata: {name: defaults}
spec: {limits: [{type: Container, max: {cpu: "1"}}]}
"""
MONITOR = """\
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web}
spec: {selector: {matchLabels: {app: web}}, podMetricsEndpoints: [{port: metrics}]}
"""
SCRAPED = """\
apiVersion: v1
kind: Pod
metadata: {name: scraped, labels: {app: web}}
spec: {containers: [{name: web, image: "registry.example/web:2", ports: [{name: metrics, containerPort: 1}]}]}
"""
PATCHES = "resources: [pod.yaml]\npatches: [{path: patch.yaml}]\n"
RENAMES = "resources: [pod.yaml]\nimages: [{name: acme/app, newName: gcr.io/distroless/static-debian12}]\n"
PATCH = "kind: Pod\nmetadata: {name: app}\nspec: {volumes: [{name: media, emptyDir: {}}]}\n"
GENERATES = "configMapGenerator: [{name: run, files: [run.sh]}]\n"
DIRECTED = SCRIPT.replace("    echo", "    # podlint: ignore[shell] a test until 2027-01-31\n    echo")

HOSTS = """\
apiVersion: v1
kind: Pod
metadata: {name: hosts}
spec:
  containers:
  - name: front
    image: acme/front:1
    env: [{name: BACKEND, value: "http://back:8080"}]
  - name: back
    image: acme/back:1
    ports: [{containerPort: 8080}]
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: back}\nspec: {ports: [{port: 8080}]}\n"

FILES: dict[str, tuple[str | None, ...]] = {
    "base/pod.yaml": (POD, POD.replace("Pod\n", "Pod # longer\n"), POD + "  bad: [\n", None),
    "base/other.yaml": (OTHER_POD, OTHER_POD.replace("{name: other}", "{name: other, namespace: x}")),
    "base/job.yaml": (JOB, JOB.replace("      - {", "      # podlint: ignore[shell] so\n      - {")),
    "base/web.yaml": (WEB, WEB + "---\n" + SCALER),
    "base/run.yaml": (None, SCRIPT, "# moved\n" + SCRIPT, SCRIPT.replace("'", '"'), DIRECTED, LIST, "a: [\n"),
    "base/hosts.yaml": (HOSTS, HOSTS.replace("http://back", "http://localhost")),
    "base/service.yaml": (None, SERVICE, SERVICE.replace("back", "other")),
    "base/also.yaml": (None, SCRIPT, SECRET, SCRIPT.replace("name: run", "name: walk")),
    "maps/run.yaml": (None, SCRIPT, SECRET),
    "base/scaler.yaml": (None, SCALER, SCALER.replace("3", "4")),
    "base/limits.yaml": (None, LIMITS),
    "base/monitor.yaml": (None, MONITOR, MONITOR.replace("metrics", "http")),
    "far/scraped.yaml": (None, SCRAPED, SCRAPED.replace("name: metrics", "name: stats")),
    "base/kustomization.yaml": (None, PATCHES, GENERATES, RENAMES),
    "base/patch.yaml": (None, PATCH, PATCH.replace("volumes", "labels")),
}
