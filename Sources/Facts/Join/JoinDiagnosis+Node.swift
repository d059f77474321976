// SPDX-License-Identifier: Apache-2.0

import Values

/// The host's own services, and what the node says of itself.
extension Diagnostician {
  var services: [Failure] {
    var found: [Failure] = []
    if let runtime = stopped(evidence.runtime, unit: probe.runtimeUnit) { found.append(runtime) }
    if let kubelet = stopped(evidence.kubelet, unit: probe.kubeletUnit) {
      found.append(kubelet)
    } else if let unregistered {
      found.append(unregistered)
    }
    found += conditions
    found += images
    return found
  }

  /// A unit that does not run; nil where it does, or where the host has no systemd.
  private func stopped(_ service: JoinEvidence.Service, unit: String) -> Failure? {
    guard let active = service.properties["ActiveState"] else { return nil }
    if service.properties["LoadState"] == "not-found" {
      return finding(
        "\(unit) is not on the host",
        remedy: "run `kubewright up` again, which puts it there"
      )
    }
    if active == "active" || active == "reloading" { return nil }
    let restarts = service.properties["NRestarts"].flatMap { Int($0) } ?? 0
    let code = service.properties["ExecMainStatus"] ?? ""
    var state = active == "activating" && restarts > 0 ? "does not stay up" : "is \(active)"
    if !code.isEmpty, code != "0" { state += ": it ended with exit code \(code)" }
    if restarts > 0 { state += ", \(restarts) restarts" }
    return finding(
      as: .step,
      "\(unit) \(state)",
      why: Self.lastError(of: service.log),
      remedy: "see its log (journalctl -u \(unit)), mend the cause, and run `kubewright up` again"
    )
  }

  /// The cluster knows the host's identity and has no such node, though the kubelet runs.
  private var unregistered: Failure? {
    guard evidence.node?.exitCode == 0, evidence.node?.status == 404, name == nil else {
      return nil
    }
    return finding(
      as: .step,
      "the kubelet runs and has not registered the node \(probe.nodeName)",
      why: Self.lastError(of: evidence.kubelet.log),
      remedy: "see its log (journalctl -u \(probe.kubeletUnit)): the cluster would accept the node"
    )
  }

  /// The last line that tells of an error, else the last one.
  ///
  /// klog begins a line of an error with E or F and the day (`E0102`).
  static func lastError(of log: [String]) -> String? {
    let isError = { (line: String) in
      guard let first = line.first, first == "E" || first == "F" else {
        return line.contains("rror:") || line.contains("unknown flag")
          || line.contains("level=fatal")
          || line.contains("level=error")
      }
      let day = line.dropFirst().prefix(4)
      return day.count == 4 && day.allSatisfy { ("0"..."9").contains($0) }
    }
    return log.last(where: isError) ?? log.last
  }

  // MARK: NotReady

  private var conditions: [Failure] {
    guard let node = evidence.node, node.status == 200 else { return [] }
    let pressure = node.conditions.filter { $0.type != "Ready" && $0.status == "True" }
      .compactMap(underPressure)
    guard let ready = node.conditions.first(where: { $0.type == "Ready" }) else {
      return [
        finding(
          as: .step,
          "the node is registered and its kubelet has not reported yet",
          why: Self.lastError(of: evidence.kubelet.log),
          remedy: "wait a moment; where it stays so, see journalctl -u \(probe.kubeletUnit)"
        )
      ]
    }
    return [notReady(ready)] + pressure
  }

  private func notReady(_ ready: JoinEvidence.Condition) -> Failure {
    let message = ready.message
    let says = { (words: [String]) in words.contains { message.contains($0) } }
    if says(["container runtime is down", "PLEG is not healthy", "failed to get runtime status"])
      || says(["RuntimeReady=false", "container runtime status check"])
    {
      return finding(
        as: .step,
        "the node is registered and NotReady: its container runtime does not answer",
        why: [message, Self.lastError(of: evidence.runtime.log) ?? ""].filter { !$0.isEmpty }
          .joined(separator: "\n"),
        remedy:
          "see journalctl -u \(probe.runtimeUnit), and that the kubelet's runtime endpoint is its socket"
      )
    }
    if says(["cni config uninitialized", "etwork plugin", "cni plugin", "NetworkReady=false"])
      || says(["NetworkPluginNotReady", "CNI"])
    {
      return finding(
        as: .step,
        "the node is registered and NotReady: the pod network is not set up on it",
        why: "\(message)\n\(networkState)",
        remedy: evidence.cniFiles.isEmpty
          ? "the DaemonSet aws-node in kube-system writes that file: see kubectl -n kube-system get pods"
            + " -o wide -l k8s-app=aws-node, that its image can be pulled, and that the node's role has"
            + " AmazonEKS_CNI_Policy"
          : "the runtime does not take what is there: check its CNI folders, the programs in /opt/cni/bin,"
            + " and restart \(probe.runtimeUnit)"
      )
    }
    if ready.status == "Unknown" {
      return finding(
        as: .step,
        "the node is registered and its kubelet has stopped reporting",
        why: [message, Self.lastError(of: evidence.kubelet.log) ?? ""].filter { !$0.isEmpty }
          .joined(separator: "\n"),
        remedy: "see journalctl -u \(probe.kubeletUnit)"
      )
    }
    return finding(
      as: .step,
      "the node is registered and NotReady",
      why: message.isEmpty ? ready.reason : message,
      remedy: "see journalctl -u \(probe.kubeletUnit)"
    )
  }

  private var networkState: String {
    if !evidence.hasCNIFolder { return "\(probe.cniFolder) does not exist" }
    if evidence.cniFiles.isEmpty { return "\(probe.cniFolder) is empty" }
    return "\(probe.cniFolder) has \(evidence.cniFiles.joined(separator: ", "))"
  }

  private func underPressure(_ condition: JoinEvidence.Condition) -> Failure? {
    let lacking = [
      "DiskPressure": "disk", "MemoryPressure": "memory", "PIDPressure": "process ids",
    ]
    guard let what = lacking[condition.type] else { return nil }
    return finding(
      as: .step,
      "the node is short of \(what): \(condition.type)",
      why: condition.message,
      remedy: condition.type == "DiskPressure"
        ? "make room where /var/lib/kubelet and the runtime's images are"
        : "end what takes it, or use a larger machine"
    )
  }

  // MARK: Images

  /// Images that the kubelet or the runtime could not pull: each once, with the latest reason.
  private var images: [Failure] {
    var reasons: [(image: String, reason: String)] = []
    for line in evidence.kubelet.log + evidence.runtime.log {
      guard let image = Self.image(in: line) else { continue }
      // A later line that only says that it waits has no reason in it.
      let isReason = !line.contains("ImagePullBackOff")
      if let known = reasons.firstIndex(where: { $0.image == image }) {
        if isReason { reasons[known].reason = line }
      } else {
        reasons.append((image, line))
      }
    }
    return reasons.prefix(4).map { image, reason in
      let isPause = image.contains("/pause")
      return finding(
        as: .step,
        "an image cannot be pulled from \(Self.registry(of: image)): \(image)"
          + (isPause ? ", without which no pod starts" : ""),
        why: reason,
        remedy: Self.registry(of: image).contains(".dkr.ecr.")
          ? "the node's role needs AmazonEC2ContainerRegistryReadOnly, and the host a way to the registry"
            + " and to S3 (NAT, or VPC endpoints ecr.api, ecr.dkr and s3)"
          : "check the image's name, and that the host reaches the registry, through its proxy or mirror"
            + (isPause ? "; or name another pause image in the runtime's configuration" : "")
      )
    }
  }

  /// The image that a log line says could not be pulled.
  static func image(in line: String) -> String? {
    let isFault =
      line.contains("ailed to pull") || line.contains("ErrImagePull")
      || line.contains("ImagePullBackOff") || line.contains("failed to get sandbox image")
      || line.contains("PullImage") && line.contains("failed")
    guard isFault else { return nil }
    let text = line.replacing("\\", with: "")
    let places = [
      "get sandbox image \"", "pulling image \"", "pull image \"", "image=\"", "PullImage \"",
      "unpack image \"", "resolve reference \"",
    ]
    for place in places {
      guard let range = text.ranges(of: place).first else { continue }
      let name = String(text[range.upperBound...].prefix { $0 != "\"" })
      if !name.isEmpty, name.utf8.count < 256, !name.contains(" ") { return name }
    }
    return nil
  }

  /// `docker.io` for a name that has no registry in it, as the runtimes read it.
  static func registry(of image: String) -> String {
    let first = image.split(separator: "/").first.map(String.init) ?? ""
    let isHost = first.contains(".") || first.contains(":") || first == "localhost"
    return image.contains("/") && isHost ? first : "docker.io"
  }
}
