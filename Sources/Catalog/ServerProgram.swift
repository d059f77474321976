// SPDX-License-Identifier: Apache-2.0

/// The server programs whose flags the catalog knows.
package enum ServerProgram: String, Sendable, CaseIterable, Codable {
  case apiServer = "kube-apiserver"
  case controllerManager = "kube-controller-manager"
  case scheduler = "kube-scheduler"
  case kubelet
  case proxy = "kube-proxy"
}
