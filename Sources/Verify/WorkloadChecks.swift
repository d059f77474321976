// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Engine
import Spec
import Values

/// Real pods: logs through the API server, pod to pod, services, and what a pod must not reach.
struct WorkloadChecks: Sendable {
  let cluster: ClusterSpec
  let pods: TestPods

  /// Names of the nodes that are Ready: waiting for pods on others would only cost time.
  let ready: Set<String>

  private var workers: [HostSpec] {
    cluster.hosts(with: .worker).filter { ready.contains($0.name) }
  }

  func run() async throws -> [Check] {
    let servers: [String: String]
    do {
      servers = try await startServers()
    } catch let failure as Failure {
      return [
        Check(
          area: "pod",
          subject: "a pod on each node",
          passed: false,
          detail: failure.why.map { "\(failure.what): \($0)" } ?? failure.what
        )
      ]
    }
    var checks = cluster.hosts(with: .worker).map { host in
      Check(
        area: "pod",
        subject: "on \(host.name)",
        passed: servers[host.name] != nil,
        detail: servers[host.name].map { "running, \($0)" } ?? "not tried: the node is not Ready"
      )
    }
    if workers.isEmpty { return checks }
    checks.append(try await scheduling())
    for host in workers {
      checks.append(
        try await NodeContainers.check(node: host.name) {
          try await pods.clients.withAnyAPI { try await NodeContainers.of(host.name, $0) }
        }
      )
    }
    let service = try await createService()
    for host in workers {
      for hostNetwork in [false, true] {
        try await pods.create(
          client(on: host, servers: servers, service: service, hostNetwork: hostNetwork)
        )
      }
    }
    for host in workers {
      checks += try await results(of: "client-\(host.name)", on: host, hostNetwork: false)
      checks += try await results(of: "hostclient-\(host.name)", on: host, hostNetwork: true)
    }
    return checks
  }

  // MARK: Pods

  private func startServers() async throws -> [String: String] {
    for host in workers {
      let script =
        "mkdir -p /tmp/www && echo \(Shell.quote(host.name)) > /tmp/www/index.html && "
        + "exec /bin/busybox httpd -f -p 8080 -h /tmp/www"
      try await pods.create(
        TestPod(name: "server-\(host.name)", node: host.name, script: script, isServer: true)
      )
    }
    var addresses: [String: String] = [:]
    for host in workers {
      let running = try await pods.running("server-\(host.name)")
      addresses[host.name] = running["status"]?["podIP"]?.string ?? ""
    }
    return addresses
  }

  /// A pod that tries everything once and prints a line a result.
  private func client(
    on host: HostSpec,
    servers: [String: String],
    service: String,
    hostNetwork: Bool
  ) -> TestPod {
    var script = """
      fetch() { n=0; while [ $n -lt 20 ]; do \
      r=$(/bin/busybox timeout 3 /bin/busybox wget -q -O - "http://$1/" 2>/dev/null) && [ -n "$r" ] && { echo "$r"; return 0; }; \
      n=$((n+1)); /bin/busybox sleep 0.5; done; return 1; }

      """
    if !hostNetwork {
      for (name, address) in servers.sorted(by: { $0.key < $1.key }) {
        script +=
          "r=$(fetch \(address):8080) && [ \"$r\" = \(Shell.quote(name)) ] "
          + "&& echo 'pod \(name) ok' || echo 'pod \(name) failed'\n"
      }
      // That a port is closed means something only where the same means find an open one open.
      script += "dial() { /bin/busybox nc -w 3 $1 $2 </dev/null >/dev/null 2>&1; }\n"
      let open = servers[host.name] ?? ""
      script += "dial \(open) 8080 && echo 'dial itself ok' || echo 'dial itself failed'\n"
      for member in cluster.hosts(with: .etcd) {
        script +=
          "dial \(member.nodeIP) 2379 && echo 'etcd \(member.name) open' "
          + "|| echo 'etcd \(member.name) closed'\n"
      }
    }
    script += "r=$(fetch \(service)) && echo \"service $r ok\" || echo 'service - failed'\n"
    script += "echo 'end'\n"
    return TestPod(
      name: (hostNetwork ? "hostclient-" : "client-") + host.name,
      node: host.name,
      script: script,
      isHostNetwork: hostNetwork
    )
  }

  private func createService() async throws -> String {
    let service = JSONValue.object([
      "apiVersion": .string("v1"), "kind": .string("Service"),
      "metadata": .object(["name": .string("servers")]),
      "spec": .object([
        "selector": .object([TestPod.label: .string("server")]),
        "ports": .array([.object(["port": .number(80), "targetPort": .number(8080)])]),
      ]),
    ])
    let made = try await pods.clients.withAnyAPI {
      try await $0.create(service, in: "/api/v1/namespaces/\(pods.namespace)/services")
    }
    return "\(made["spec"]?["clusterIP"]?.string ?? ""):80"
  }

  /// The other pods name their node; this one needs the scheduler.
  private func scheduling() async throws -> Check {
    try await Check.run("scheduler", "places a pod") {
      try await pods.create(TestPod(name: "scheduled", script: "true"))
      let ended = try await pods.ended("scheduled")
      guard let node = ended["spec"]?["nodeName"]?.string else { throw Unmet("on no node") }
      return "on \(node)"
    }
  }

  // MARK: Results

  private func results(
    of name: String,
    on host: HostSpec,
    hostNetwork: Bool
  ) async throws -> [Check] {
    let log: String
    do {
      _ = try await pods.ended(name)
      log = try await pods.log(of: name)
    } catch let failure as Failure {
      return [
        Check(
          area: "pod",
          subject: "log of \(name)",
          passed: false,
          detail: failure.why.map { "\(failure.what): \($0)" } ?? failure.what
        )
      ]
    }
    let report = PodReport(log: log)
    let source = hostNetwork ? "host \(host.name)" : "pod on \(host.name)"
    let answers = report.checks(of: questions(hostNetwork: hostNetwork), from: source)
    guard !hostNetwork else { return answers }
    let whole = Check(
      area: "pod",
      subject: "log on \(host.name)",
      passed: report.isWhole,
      detail: report.isWhole
        ? "\(report.lineCount) lines through the API server" : "cut short: \(log.suffix(80))"
    )
    return [whole] + answers
  }

  /// What a client pod tries; one in the host's network speaks for the host.
  private func questions(hostNetwork: Bool) -> [PodReport.Question] {
    guard !hostNetwork else { return [.service] }
    return workers.map { .pod(node: $0.name) } + [.dial]
      + cluster.hosts(with: .etcd).map { .etcd(host: $0.name) } + [.service]
  }
}
