// SPDX-License-Identifier: Apache-2.0

package import Facts
import Resources
import Spec
import Values

/// What firewalld is told where it runs: the network script's rules in its own configuration, since what is not
/// there is refused by its table of nftables, and lost from iptables at its next reload.
///
/// Policies, which came with firewalld 0.9, are files of ours alone. Where its backend is iptables (CentOS 7)
/// its direct rules come before all others, and hold what policies of that time could not say.
package enum Firewalld: Component {
  package static let name = "firewalld"

  /// How firewalld can be told.
  package enum Way: Sendable {
    case policies
    case direct
  }

  /// nil where it does not run, or can be told in no way: a table of nftables whose policies are not there yet.
  package static func way(_ facts: HostFacts) -> Way? {
    guard let firewalld = facts.firewalld else { return nil }
    if firewalld.usesIPTables { return .direct }
    return firewalld.release >= (0, 9) ? .policies : nil
  }

  package static func resources(_ context: HostContext) throws -> [StagedResource] {
    switch way(context.facts) {
    case .policies:
      let files = policies(context).map { policy in
        File(
          path: "\(folder)/\(policy.name).xml",
          text: policy.text,
          reason: policy.reason
        )
      }
      return (files.map { .file($0) } + [resource(context)].compactMap { $0 }).staged(.prepare)
    case .direct: return [resource(context)].compactMap { $0 }.staged(.prepare)
    case nil: return []
    }
  }

  /// What reloads firewalld, which takes all rules of iptables away: units that made some depend on it.
  static func reloading(_ context: HostContext) -> [Resource] {
    resource(context).map { [$0] } ?? []
  }

  /// What makes firewalld heed them.
  static func resource(_ context: HostContext) -> Resource? {
    switch way(context.facts) {
    case .policies:
      let names = policies(context).map(\.name)
      return names.isEmpty
        ? nil
        : .firewalld(
          FirewalldPolicies(
            names: names,
            reason: "firewalld has the policies in force, now and after its reloads."
          )
        )
    case .direct:
      let rules = direct(context)
      return rules.isEmpty
        ? nil
        : .firewalldDirect(
          FirewalldDirect(
            mark: NetworkScript.mark,
            rules: rules,
            reason:
              "Rules that firewalld's own would refuse after, and that its reloads would take away."
          )
        )
    case nil: return nil
    }
  }

  static let folder = FirewalldPolicies.folder

  private struct Policy {
    /// No longer than 17 characters.
    var name: String
    var text: String
    var reason: String
  }

  private static func policies(_ context: HostContext) -> [Policy] {
    let filters = NetworkScript.filters(context).filter { $0.table == "filter" }
    let masqueraded = NetworkScript.filters(context).first { $0.table == "nat" }?.rules ?? []
    let exempt = masqueraded.first { $0.verdict == .leave }?.destination
    func rules(_ parent: String) -> [FilterRule] {
      filters.first { $0.parent == parent }?.rules ?? []
    }
    var policies: [Policy] = []
    let input = rules("INPUT")
    if !input.isEmpty {
      policies.append(
        Policy(
          name: "\(NetworkScript.mark)-in",
          text: document(
            to: "HOST",
            body: input.filter { $0.verdict == .accept }.compactMap(\.port).map {
              "  <port port=\"\($0.range())\" protocol=\"\($0.transport)\"/>\n"
            } + input.filter { $0.verdict != .accept }.map { $0.rich(exempt: nil) }
          ),
          reason: "firewalld lets in what the host's roles are asked for."
        )
      )
    }
    let forward = rules("FORWARD") + masqueraded.filter { $0.verdict == .masquerade }
    if !forward.isEmpty || PodRoutes.forwardsAll(context) {
      policies.append(
        Policy(
          name: "\(NetworkScript.mark)-pods",
          text: document(
            to: "ANY",
            target: forward.isEmpty ? "ACCEPT" : "CONTINUE",
            body: forward.map { $0.rich(exempt: exempt) }
          ),
          reason: "firewalld lets pods' traffic pass."
        )
      )
    }
    return policies
  }

  /// Before the zones, and before other policies without a priority of their own.
  private static func document(
    to egress: String,
    target: String = "CONTINUE",
    body: [String]
  ) -> String {
    """
    <?xml version="1.0" encoding="utf-8"?>
    <policy priority="-100" target="\(target)">
      <short>Kubernetes</short>
      <description>Written by kubewright.</description>
      <ingress-zone name="ANY"/>
      <egress-zone name="\(egress)"/>
    \(body.joined())</policy>

    """
  }

  /// As firewalld lists them; their numbers keep their order within a chain.
  private static func direct(_ context: HostContext) -> [String] {
    let all = PodRoutes.forwardsAll(context) ? [FilterRule(verdict: .accept)] : []
    return NetworkScript.filters(context).flatMap { filter in
      filter.rules.enumerated().map { number, rule in
        "ipv4 \(filter.table) \(filter.parent) \(number) \(rule.marked)"
      }
    } + all.map { "ipv4 filter FORWARD 0 \($0.marked)" }
  }
}
