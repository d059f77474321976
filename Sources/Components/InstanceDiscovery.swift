// SPDX-License-Identifier: Apache-2.0

import Facts
import Resources
import Values

/// How an EC2 instance finds out what only it knows.
struct InstanceDiscovery {
  private let values: Set<LateValue>
  private let inputs: UserData.Inputs
  private let table: [Int: [String]]?

  init(_ values: Set<LateValue>, _ inputs: UserData.Inputs, host: String) throws {
    self.values = values
    self.inputs = inputs
    let needsPods = values.contains(.maxPods) || values.contains(.reservedMemory)
    switch inputs.maxPods {
    case .table(let table) where needsPods:
      self.table = table
      let odd = table.values.joined().first { !Self.isType($0) }
      if let odd {
        throw Failure(.invalidInput, host: host, "'\(odd)' is no instance type, such as m5.large")
      }
    case nil where needsPods:
      throw Failure(
        .invalidInput,
        host: host,
        "nothing says how many pods the node may have",
        remedy: "give a number, or instance types"
      )
    default: table = nil
    }
  }

  var discovery: Discovery {
    guard !values.isEmpty else { return Discovery() }
    let shell = InstanceShell(allowsVersion1: inputs.allowsIMDSv1, patience: inputs.patience)
    return Discovery(
      functions: [InstanceShell.functions, ReservedResources.functions]
        + (table.map { [Self.maxPods($0)] } ?? []) + (needsRule ? [Self.clusterDNS] : []),
      statements: (shell.setting + "instance || stop \"$why\"\n" + statements).indented(by: 2),
      values: values
    )
  }

  private var needsRule: Bool { values.contains(.clusterDNS) && inputs.clusterDNS == nil }

  private var statements: String {
    var lines: [String] = []
    if values.contains(.address) { lines.append("late_address=$instance_address") }
    if values.contains(.nodeName) {
      // The kubelet makes its name lower-case.
      lines.append(
        "late_node_name=$(printf '%s' \"$instance_hostname\" | tr '[:upper:]' '[:lower:]')"
      )
    }
    if values.contains(.providerID) {
      lines.append("late_provider_id=aws:///$instance_zone/$instance_id")
    }
    if values.contains(.maxPods) || values.contains(.reservedMemory) {
      switch inputs.maxPods {
      case .number(let number): lines.append("late_max_pods=\(number)")
      default: lines.append("max_pods")
      }
    }
    if values.contains(.reservedMemory) { lines.append("reserved_memory \"$late_max_pods\"") }
    if values.contains(.reservedCPU) { lines.append("reserved_cpu \"$(nproc)\"") }
    if values.contains(.clusterDNS) {
      lines.append(inputs.clusterDNS.map { "late_cluster_dns=\($0)" } ?? "cluster_dns")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func isType(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
          }
      }
  }

  /// By family, of which many have the same sizes with the same numbers: so the text stays short.
  private static func maxPods(_ table: [Int: [String]]) -> String {
    var families: [String: [Int: [String]]] = [:]
    for (number, types) in table {
      for type in types.sorted() {
        let parts = type.split(separator: ".").map(String.init)
        families[parts[0], default: [:]][number, default: []].append(parts[1])
      }
    }
    var alike: [String: [String]] = [:]
    for (family, numbers) in families {
      let sizes = numbers.sorted { $0.key < $1.key }
        .map { "\($0.key):\($0.value.joined(separator: ","))" }.joined(separator: " ")
      alike[sizes, default: []].append(family)
    }
    let cases = alike.sorted { $0.key < $1.key }.map { sizes, families in
      "    \(families.sorted().joined(separator: "|"))) pods='\(sizes)' ;;\n"
    }
    return """
      # max_pods: how many addresses an instance of this type has for pods.
      max_pods() {
        late_max_pods='' pods=''
        case ${instance_type%.*} in
      \(cases.joined())  esac
        for item in $pods; do
          case ,${item#*:}, in
            *,"${instance_type#*.}",*) late_max_pods=${item%%:*} ;;
          esac
        done
        [ -n "$late_max_pods" ] || stop "how many pods an instance of type $instance_type may have is \\
      not known here: name the type or the number in the spec, and render user data anew"
      }
      """
  }

  /// The rule of the native client's `ClusterDNS`; a network of a VPC is never larger than a /16.
  private static let clusterDNS = """
    # cluster_dns: EKS takes 10.100.0.0/16 unless the VPC lies in 10/8, and 172.20.0.0/16 then.
    cluster_dns() {
      late_cluster_dns=10.100.0.10
      for network in $instance_networks $instance_address; do
        case $network in
          10.*) late_cluster_dns=172.20.0.10 ;;
        esac
      done
    }
    """
}
