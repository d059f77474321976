// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// The policies that pods need where PodSecurityPolicy is on: anyone's pods may do what the Pod Security
/// Standards call baseline, the pods of kube-system everything.
///
/// The right for kube-system is given in that namespace only: the controllers that make everyone's pods
/// are its service accounts, and would hand a cluster-wide right on to whoever may make a Deployment.
enum PodSecurityPolicies {
  static func objects(_ minor: Minor) -> [ClusterObject] {
    [
      policy(
        "kubewright-baseline",
        baseline,
        reason: "What any pod may do: nothing of the host's, no privileges (CIS 5.2)."
      ),
      policy(
        "kubewright-privileged",
        privileged,
        reason: "What system pods may do: everything."
      ),
      role("kubewright-baseline", minor),
      role("kubewright-privileged", minor),
      RBACObject(minor: minor, kind: "ClusterRoleBinding", name: "kubewright:psp-baseline").object(
        [
          ("roleRef", RBACObject.clusterRole("kubewright:psp:kubewright-baseline")),
          ("subjects", [RBACObject.subject("Group", "system:authenticated")]),
        ],
        reason: "Everyone's pods may use the baseline policy."
      ),
      RBACObject(
        minor: minor,
        kind: "RoleBinding",
        name: "kubewright:psp-privileged",
        namespace: "kube-system"
      ).object(
        [
          ("roleRef", RBACObject.clusterRole("kubewright:psp:kubewright-privileged")),
          (
            "subjects",
            [
              RBACObject.subject("Group", "system:serviceaccounts:kube-system"),
              RBACObject.subject("Group", "system:nodes"),
            ]
          ),
        ],
        reason: "The pods of kube-system may use the privileged policy."
      ),
    ]
  }

  private static func policy(
    _ name: String,
    _ spec: Document,
    reason: String
  ) -> ClusterObject {
    let collection = "/apis/policy/v1beta1/podsecuritypolicies"
    let document: Document = [
      "apiVersion": "policy/v1beta1", "kind": "PodSecurityPolicy",
      "metadata": [
        "name": .text(name),
        "annotations": ["seccomp.security.alpha.kubernetes.io/allowedProfileNames": "*"],
      ],
      "spec": spec,
    ]
    return ClusterObject(
      name: "podsecuritypolicy/\(name)",
      path: "\(collection)/\(name)",
      collection: collection,
      json: document.json,
      summary: "new",
      reason: reason
    )
  }

  private static func role(_ policy: String, _ minor: Minor) -> ClusterObject {
    let rule: Document = [
      "apiGroups": ["policy"], "resources": ["podsecuritypolicies"], "verbs": ["use"],
      "resourceNames": [.text(policy)],
    ]
    return RBACObject(minor: minor, kind: "ClusterRole", name: "kubewright:psp:\(policy)").object(
      [("rules", [rule])],
      reason: "The right to use the policy \(policy)."
    )
  }

  private static let baseline: Document = [
    // The kinds that every minor with this API knows; no others, as it refuses what it does not know.
    "volumes": [
      "configMap", "downwardAPI", "emptyDir", "persistentVolumeClaim", "projected", "secret",
    ],
    "runAsUser": ["rule": "RunAsAny"], "seLinux": ["rule": "RunAsAny"],
    "supplementalGroups": ["rule": "RunAsAny"], "fsGroup": ["rule": "RunAsAny"],
  ]

  private static let privileged: Document = [
    "privileged": true, "allowedCapabilities": ["*"], "volumes": ["*"],
    "hostNetwork": true, "hostPID": true, "hostIPC": true,
    "hostPorts": [["min": 0, "max": 65535]],
    "runAsUser": ["rule": "RunAsAny"], "seLinux": ["rule": "RunAsAny"],
    "supplementalGroups": ["rule": "RunAsAny"], "fsGroup": ["rule": "RunAsAny"],
  ]
}
