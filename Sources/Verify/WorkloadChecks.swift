// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Engine
import Spec
import Values

/// Real pods: logs through the API server, pod to pod, services, and what a pod must not reach.
struct WorkloadChecks: Sendable {
  let cluster: ClusterSpec
  let clients: ClusterClients
  let namespace: String
  let image: String

  /// Names of the nodes that are Ready: waiting for pods on others would only cost time.
  let ready: Set<String>

  private var workers: [HostSpec] {
    cluster.hosts(with: .worker).filter { ready.contains($0.name) }
  }
  private var pods: String { "/api/v1/namespaces/\(namespace)/pods" }

  /// How long pods may take to start, and then to finish.
  private static let patience = Duration.seconds(90)

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
          try await clients.withAnyAPI { try await NodeContainers.of(host.name, $0) }
        }
      )
    }
    let service = try await createService()
    for host in workers {
      try await create(
        pod: client(on: host, servers: servers, service: service, hostNetwork: false)
      )
      try await create(pod: client(on: host, servers: servers, service: service, hostNetwork: true))
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
      try await create(
        pod: pod(
          "server-\(host.name)",
          on: host,
          script: script,
          hostNetwork: false,
          restart: "Always"
        )
      )
    }
    var addresses: [String: String] = [:]
    for host in workers {
      let running = try await wait(for: "server-\(host.name)", phases: ["Running"])
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
  ) -> JSONValue {
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
    return pod(
      (hostNetwork ? "hostclient-" : "client-") + host.name,
      on: host,
      script: script,
      hostNetwork: hostNetwork,
      restart: "Never"
    )
  }

  private func pod(
    _ name: String,
    on host: HostSpec?,
    script: String,
    hostNetwork: Bool,
    restart: String
  ) -> JSONValue {
    let container: [String: JSONValue] = [
      "name": .string("main"), "image": .string(image),
      "imagePullPolicy": .string("IfNotPresent"),
      "command": .array([.string("/bin/busybox"), .string("sh"), .string("-c"), .string(script)]),
    ]
    return .object([
      "apiVersion": .string("v1"), "kind": .string("Pod"),
      "metadata": .object([
        "name": .string(name),
        "labels": .object([
          "kubewright.io/verify": .string(restart == "Always" ? "server" : "client")
        ]),
      ]),
      "spec": .object([
        "nodeName": .string(host?.name ?? ""), "hostNetwork": .bool(hostNetwork),
        "restartPolicy": .string(restart), "terminationGracePeriodSeconds": .number(0),
        "automountServiceAccountToken": .bool(false), "enableServiceLinks": .bool(false),
        "tolerations": .array([.object(["operator": .string("Exists")])]),
        "containers": .array([.object(container)]),
      ]),
    ])
  }

  private func create(pod: JSONValue) async throws {
    // The namespace's service account is made by a controller a moment after the namespace.
    try await retried("the pod is accepted") {
      _ = try await clients.withAnyAPI { try await $0.create(pod, in: pods) }
    }
  }

  private func createService() async throws -> String {
    let service = JSONValue.object([
      "apiVersion": .string("v1"), "kind": .string("Service"),
      "metadata": .object(["name": .string("servers")]),
      "spec": .object([
        "selector": .object(["kubewright.io/verify": .string("server")]),
        "ports": .array([.object(["port": .number(80), "targetPort": .number(8080)])]),
      ]),
    ])
    let made = try await clients.withAnyAPI {
      try await $0.create(service, in: "/api/v1/namespaces/\(namespace)/services")
    }
    return "\(made["spec"]?["clusterIP"]?.string ?? ""):80"
  }

  /// The other pods name their node; this one needs the scheduler.
  private func scheduling() async throws -> Check {
    try await Check.run("scheduler", "places a pod") {
      try await create(
        pod: pod("scheduled", on: nil, script: "true", hostNetwork: false, restart: "Never")
      )
      let ended = try await wait(for: "scheduled", phases: ["Succeeded", "Failed"])
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
      _ = try await wait(for: name, phases: ["Succeeded", "Failed"])
      log = try await clients.withAnyAPI { try await $0.text("\(pods)/\(name)/log") }
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

  private func wait(for name: String, phases: Set<String>) async throws -> JSONValue {
    let clock = ContinuousClock()
    let end = clock.now + Self.patience
    while true {
      let pod = try await clients.withAnyAPI { try await $0.get("\(pods)/\(name)") }
      let phase = pod?["status"]?["phase"]?.string ?? "missing"
      let address = pod?["status"]?["podIP"]?.string
      if let pod, phases.contains(phase), phase != "Running" || address != nil { return pod }
      guard clock.now < end else {
        throw Failure(
          .deadline,
          "the pod \(name) is \(phase)",
          why: try await reasons(pod, name: name)
        )
      }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Why a pod does not run: its container's state, and the latest events about it.
  private func reasons(_ pod: JSONValue?, name: String) async throws -> String {
    let waiting = pod?["status"]?["containerStatuses"]?[0]?["state"]?["waiting"]
    let state = [waiting?["reason"]?.string, waiting?["message"]?.string].compactMap { $0 }
    let events = try await clients.withAnyAPI {
      try await $0.get(
        "/api/v1/namespaces/\(namespace)/events?fieldSelector=involvedObject.name%3D\(name)"
      )
    }
    let messages = (events?["items"]?.array ?? []).suffix(3).compactMap { $0["message"]?.string }
    return (state + messages).joined(separator: "; ")
  }

  private func retried(_ what: String, _ body: () async throws -> Void) async throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(30)
    while true {
      do {
        try await body()
        return
      } catch let failure as Failure where failure.kind == .step && clock.now < end {
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }
}
