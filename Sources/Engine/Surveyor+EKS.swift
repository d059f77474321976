// SPDX-License-Identifier: Apache-2.0

package import AWS
package import Components
package import Facts
package import PKI
import Planner
package import Spec
import Values

extension Surveyor {
  /// The cluster of EKS as each host has to know it, by host name; empty where hosts of ours are the control
  /// plane.
  ///
  /// One question for all hosts, and none where the spec says it all.
  ///
  /// With `isLate` the hosts are to find out by themselves who they are. With `mayBeUnknown` so are those that
  /// were never asked, and nobody is asked for the cluster again that was found before.
  ///
  /// - Throws: `Failure`: the cluster cannot be found, or an instance type is unknown.
  package func eksMemberships(
    of facts: [String: HostFacts],
    isLate: Bool = false,
    mayBeUnknown: Bool = false
  ) async throws -> [String: EKSMembership] {
    guard let spec = cluster.controlPlane.eks else { return [:] }
    await events(.phase("cluster of EKS"))
    let instances = cluster.hosts.compactMap { facts[$0.name]?.instance }
    let known = mayBeUnknown ? try state.eks() : nil
    let membership = try await membership(spec, instances, known: known)
    try state.create()
    try state.record(eks: membership)
    let pods =
      isLate ? [:] : try await maxPods(spec, types: Set(instances.map(\.type)), membership.region)
    return Dictionary(
      uniqueKeysWithValues: cluster.hosts.map { host in
        var own = membership
        own.isLate = isLate || (mayBeUnknown && facts[host.name]?.instance == nil)
        own.maxPods = spec.maxPods ?? (facts[host.name]?.instance).flatMap { pods[$0.type] }
        return (host.name, own)
      }
    )
  }

  /// Gives instances the names that EC2 has for them, and the tags that metadata do not show.
  ///
  /// EKS maps a node to EC2's private DNS name; metadata's differs from it where the VPC has a domain of its
  /// own. Where nothing else is asked of AWS, or EC2 may not be asked, metadata's stays. Who asks is asked of STS
  /// meanwhile.
  ///
  /// - Throws: `Failure`, but for missing permission.
  func askAWS(of facts: inout [String: HostFacts]) async throws -> AWSWord {
    guard let spec = cluster.controlPlane.eks,
      spec.endpoint == nil || spec.certificateAuthority == nil
    else {
      return AWSWord(
        unchecked:
          "metadata do not show it, and EC2 is not asked where the spec says all of the cluster"
      )
    }
    let instances = facts.compactMapValues(\.instance)
    let region = spec.region ?? instances.values.map(\.region).sorted().first
    let ids = instances.values.map(\.id).sorted()
    let (known, word) = try await spec.withAWS(region: region) { aws in
      async let caller = try? aws.caller()
      do {
        let known = try await aws.ec2(try await aws.region().value).instances(ids)
        let unchecked = "metadata do not show it, and EC2 does not know the instance"
        return (known, AWSWord(caller: await caller, unchecked: unchecked))
      } catch let error as ServiceError where error.reason == .accessDenied {
        let failure = await aws.named(error).failure
        return ([], AWSWord(caller: await caller, unchecked: failure.description))
      }
    }
    let found = Dictionary(known.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for (host, instance) in instances {
      guard let described = found[instance.id] else { continue }
      if InstanceIdentity.isHostname(described.privateDNSName) {
        facts[host]?.instance?.hostname = described.privateDNSName
      }
      facts[host]?.instance?.tags = instance.tags ?? described.tags
    }
    return word
  }

  /// Tells who is who for AWS, and what of roles and tags should be otherwise.
  /// - Throws: `Failures` of what keeps nodes from coming.
  func report(
    _ word: AWSWord,
    facts: [String: HostFacts],
    memberships: [String: EKSMembership]
  ) async throws {
    guard let membership = memberships.values.first else { return }
    if let who = word.identities(of: cluster, facts: facts) { await events(.note(who)) }
    let tags = Preflight.tags(
      cluster: cluster,
      facts: facts,
      membership: membership,
      unchecked: word.unchecked
    )
    guard tags.faults.isEmpty else { throw Failures(tags.faults) }
    for warning in Preflight.eksWarnings(cluster: cluster, facts: facts) + tags.warnings {
      await events(.note("warning: \(warning)"))
    }
  }

  /// What has to change in the API.
  ///
  /// Who brings a worker into EKS need not be one who may make objects there: what he is not let see is told,
  /// and left to those who may.
  ///
  /// - Throws: `Failure` as `ObjectPlanner.changes`.
  func objectChanges(
    _ planner: ObjectPlanner,
    apiMayRun: Bool
  ) async throws -> [Stage: [ObjectChange]] {
    do {
      return try await planner.changes(apiMayRun: apiMayRun)
    } catch let failure as Failure
      where (failure.kind == .step || failure.kind.isRefusal) && planner.cluster.isOfEKS
    {
      let names = ClusterObjects.all(cluster).map(\.name) + ["labels and taints of nodes"]
      await events(
        .note(
          "left to who may change it in the API: \(names.joined(separator: ", ")); \(failure.what): "
            + (failure.why ?? "")
        )
      )
      return [:]
    }
  }

  /// How the cluster's API is entered, once it was found; nil where hosts of ours are the control plane.
  /// - Throws: `Failure` (`state`) where nothing is recorded yet.
  package func entrance() throws -> EKSEntrance? {
    guard let spec = cluster.controlPlane.eks else { return nil }
    guard let membership = try state.eks() else {
      throw Failure(
        .state,
        "the cluster of EKS was not looked for yet",
        remedy: "run `kubewright plan` first"
      )
    }
    guard membership.fits(spec) else {
      throw Failure(
        .state,
        "the spec names another cluster of EKS than the one that was found: \(membership.cluster)",
        remedy: "run `kubewright plan`, which looks for it anew"
      )
    }
    return EKSEntrance(membership, spec: spec)
  }

  private func membership(
    _ spec: EKSSpec,
    _ instances: [InstanceIdentity],
    known: EKSMembership?
  ) async throws -> EKSMembership {
    let region = spec.region ?? instances.first?.region
    var name = spec.cluster
    if name == nil, known?.fits(spec) != true {
      name = try await tagged(spec, instances, region: region)
    }
    func made(_ name: String, _ region: String, _ endpoint: String, _ pem: String, _ cidr: CIDR?)
      -> EKSMembership
    {
      EKSMembership(
        cluster: name,
        region: region,
        endpoint: endpoint,
        authority: pem,
        serviceNetwork: spec.serviceCIDR ?? cidr,
        authenticator: spec.authenticator,
        chosenCloudProvider: spec.cloudProvider,
        ec2Endpoint: spec.endpoints.ec2,
        stsEndpoint: spec.endpoints.sts,
        version: cluster.kubernetes.version
      )
    }
    // What was found before, under what the spec says now.
    if let known, known.fits(spec) {
      return made(
        known.cluster,
        known.region,
        known.endpoint,
        try spec.certificateAuthority.map(CertificateAuthority.pem) ?? known.authority,
        known.serviceNetwork
      )
    }
    if let name, let region, let endpoint = spec.endpoint, let encoded = spec.certificateAuthority {
      return made(name, region, endpoint, try CertificateAuthority.pem(encoded), nil)
    }
    let given = ClusterDiscovery.Known(
      cluster: name,
      endpoint: spec.endpoint,
      certificateAuthority: spec.certificateAuthority,
      serviceNetwork: spec.serviceCIDR
    )
    let found = try await spec.withAWS(region: region) {
      try await ClusterDiscovery(given, context: $0)
    }
    return made(
      found.cluster,
      found.region.name,
      found.endpoint,
      found.certificateAuthority,
      found.serviceNetwork
    )
  }

  /// The cluster that the instances' tags name, as their metadata or else EC2 has them.
  /// - Throws: `Failure` (`preflight`) where they name more than one.
  private func tagged(
    _ spec: EKSSpec,
    _ instances: [InstanceIdentity],
    region: String?
  ) async throws -> String? {
    var names = Set(instances.flatMap { ClusterTag.clusters(in: $0.tags ?? [:]) })
    if names.isEmpty, let instance = instances.first, instance.tags == nil {
      let tags = try await spec.withAWS(region: region) { aws in
        try await aws.ec2(try await aws.region().value).instance(instance.id)?.tags ?? [:]
      }
      names = Set(ClusterTag.clusters(in: tags))
    }
    guard names.count < 2 else {
      throw Failure(
        .preflight,
        "the instances are tagged for more than one cluster",
        why: names.sorted().joined(separator: ", "),
        remedy: "name the cluster under spec.controlPlane.eks.cluster"
      )
    }
    return names.first
  }

  private func maxPods(
    _ spec: EKSSpec,
    types: Set<String>,
    _ region: String
  ) async throws -> [String: Int] {
    guard spec.maxPods == nil, !types.isEmpty else { return [:] }
    return try await spec.withAWS(region: region) { aws in
      var pods: [String: Int] = [:]
      for type in types.sorted() {
        pods[type] = try await aws.maxPods(
          instanceType: type,
          settings: MaxPods.Settings(spec.podAddresses)
        ).value
      }
      return pods
    }
  }
}

extension ClusterSpec {
  /// The program that asks a host what it is; of workers of EKS also which instance.
  var probe: String {
    guard let eks = controlPlane.eks else { return Probe.program() }
    return Probe.program(
      asksInstance: true,
      instance: InstanceShell(allowsVersion1: eks.instanceMetadata == .any, patience: 30)
    )
  }
}

extension EKSMembership {
  /// Whether it is of the cluster that the spec names, as far as that names one.
  func fits(_ spec: EKSSpec) -> Bool {
    (spec.cluster ?? cluster) == cluster && (spec.region ?? region) == region
      && (spec.endpoint ?? endpoint) == endpoint
  }
}

extension MaxPods.Settings {
  /// What the spec says of the VPC CNI.
  package init(_ addresses: EKSSpec.PodAddresses) {
    self.init(
      prefixDelegation: addresses == .prefixes || addresses == .customPrefixes,
      customNetworking: addresses == .customSecondary || addresses == .customPrefixes
    )
  }
}

extension PKIOutcome {
  /// Of a cluster whose keys are another's.
  package static let none = PKIOutcome(
    bundle: PKIBundle(
      authorities: [:],
      leaves: [:],
      serviceAccountPublicKey: "",
      serviceAccountKey: Sensitive(""),
      encryptionKeys: []
    ),
    changes: []
  )
}
