// SPDX-License-Identifier: Apache-2.0

import Components
package import Facts
package import PKI
package import Planner
package import Resources
package import Spec

/// Everything known before a change: what each host is, holds and should hold, and the plan that follows.
package struct Survey: Sendable {
  package var cluster: ClusterSpec
  package var facts: [String: HostFacts]
  package var manifests: [String: [ManifestEntry]]
  package var pki: PKIBundle
  package var hosts: [HostState]
  package var plan: ClusterPlan

  package func host(_ name: String) -> HostState? {
    hosts.first { $0.host == name }
  }
}
