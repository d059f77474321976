// SPDX-License-Identifier: Apache-2.0

/// Why no connection came about, for a person: the libraries' errors name their cases.
package enum ConnectionReason {
  package static func text(of error: any Error) -> String {
    switch Distrust(error) {
    case .unsigned: return "its certificate is not from the cluster's authority, or not in force"
    case .otherName: return "its certificate is for other names"
    case .unreadableAuthorities, nil: break
    }
    let text = String(describing: error)
    if text.contains("connectTimeout") { return "no answer within 5 s" }
    if text.contains("deadlineExceeded") { return "no answer in time" }
    if text.contains("Connection refused") { return "connection refused" }
    return text
  }
}
