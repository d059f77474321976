// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

struct LateValueTests {
  @Test(arguments: [
    (LateValue.address, "_KUBEWRIGHT_ADDRESS_", "late_address"),
    (.nodeName, "_KUBEWRIGHT_NODE_NAME_", "late_node_name"),
    (.providerID, "_KUBEWRIGHT_PROVIDER_ID_", "late_provider_id"),
    (.maxPods, "_KUBEWRIGHT_MAX_PODS_", "late_max_pods"),
    (.reservedCPU, "_KUBEWRIGHT_RESERVED_CPU_", "late_reserved_cpu"),
    (.reservedMemory, "_KUBEWRIGHT_RESERVED_MEMORY_", "late_reserved_memory"),
    (.clusterDNS, "_KUBEWRIGHT_CLUSTER_DNS_", "late_cluster_dns"),
  ])
  func hasPlaceholderAndVariable(_ value: LateValue, _ placeholder: String, _ variable: String) {
    #expect(value.placeholder == placeholder)
    #expect(value.variable == variable)
  }

  @Test func placeholdersNeedNoQuotesAndHoldNoOther() {
    for value in LateValue.allCases {
      #expect(value.placeholder.allSatisfy { ("A"..."Z").contains($0) || $0 == "_" })
      #expect(Shell.quote(value.placeholder) == value.placeholder)
      for other in LateValue.allCases where other != value {
        #expect(!value.placeholder.contains(other.placeholder))
      }
    }
  }
}
