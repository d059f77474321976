// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Values

/// What the API server writes to its audit log: who did what to what, never a secret's content, and not
/// the noise that every cluster makes by itself.
enum AuditPolicy {
  static func file(_ context: HostContext) -> Resource {
    .file(
      File(
        path: Layout.auditPolicy,
        text: document(context).yaml,
        mode: 0o600,
        reason: "Which requests are logged; without a policy nothing is (CIS 3.2.1)."
      )
    )
  }

  static func document(_ context: HostContext) -> Document {
    [
      "apiVersion": .text(Catalog.standard.fact(.auditPolicyAPIVersion, at: context.minor)),
      "kind": "Policy",
      "omitStages": ["RequestReceived"],
      "rules": .list(quiet + detailed + [["level": "Metadata"]]),
    ]
  }

  /// Reads that the cluster's own programs make all the time.
  private static let quiet: [Document] = [
    [
      "level": "None", "users": ["system:kube-proxy"], "verbs": ["watch"],
      "resources": [
        ["group": "", "resources": ["endpoints", "services", "services/status"]],
        ["group": "discovery.k8s.io", "resources": ["endpointslices"]],
      ],
    ],
    [
      "level": "None", "userGroups": ["system:nodes"], "verbs": ["get"],
      "resources": [["group": "", "resources": ["nodes", "nodes/status"]]],
    ],
    [
      "level": "None", "verbs": ["get", "update"],
      "users": ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"],
      "resources": [
        ["group": "", "resources": ["endpoints"]],
        ["group": "coordination.k8s.io", "resources": ["leases"]],
      ],
    ],
    [
      "level": "None", "userGroups": ["system:nodes"], "verbs": ["get", "update"],
      "resources": [["group": "coordination.k8s.io", "resources": ["leases"]]],
    ],
    [
      "level": "None",
      "nonResourceURLs": [
        "/healthz*", "/livez*", "/readyz*", "/version", "/openapi*", "/swagger*",
      ],
    ],
    ["level": "None", "resources": [["group": "", "resources": ["events"]]]],
  ]

  /// Bodies only where they say who may do what; objects that may hold secrets come first, without.
  private static let detailed: [Document] = [
    [
      "level": "Metadata",
      "resources": [
        ["group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"]],
        ["group": "authentication.k8s.io", "resources": ["tokenreviews"]],
      ],
    ],
    [
      "level": "Request", "verbs": ["create", "update", "patch", "delete", "deletecollection"],
      "resources": [
        ["group": "rbac.authorization.k8s.io"], ["group": "policy"],
        ["group": "admissionregistration.k8s.io"],
      ],
    ],
  ]
}
