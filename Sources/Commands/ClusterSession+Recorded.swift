// SPDX-License-Identifier: Apache-2.0

import Components
import Engine
import Facts
import FoundationEssentials
import PKI
import Planner
import Spec
import Values

extension ClusterSession {
  /// What is known of every host without asking it: the facts that `plan` and `up` recorded, or else those
  /// of `factsFile`.
  ///
  /// With `keepsCredentials` those that do not exist yet are made and kept; otherwise they are stand-ins.
  /// With `isLate` workers of EKS are to find out by themselves who they are.
  ///
  /// - Throws: `Failure` (`state`, `invalidInput`) where a host's facts are not known.
  func recordedContexts(
    factsFile: String?,
    keepsCredentials: Bool,
    isLate: Bool = false
  ) async throws -> [HostContext] {
    var facts = try state.facts()
    let given = try factsFile.map(read)
    for host in cluster.hosts where facts[host.name] == nil {
      guard let given else {
        throw Failure(
          .state,
          host: host.name,
          "no facts of this host are recorded",
          remedy: "run `kubewright plan` once, or give --facts FILE"
        )
      }
      facts[host.name] = given
    }
    if cluster.isOfEKS {
      return surveyor.contexts(
        facts: facts,
        pki: PKIOutcome.none.bundle,
        subnets: [:],
        programs: try await surveyor.programs(for: facts, areFetchedByHosts: isLate),
        memberships: try await surveyor.eksMemberships(
          of: facts,
          isLate: isLate,
          mayBeUnknown: true
        )
      )
    }
    let pki = try await PKIStore(directory: state.pki).ensure(
      cluster: cluster,
      dryRun: !keepsCredentials
    )
    return surveyor.contexts(
      facts: facts,
      pki: pki.bundle,
      subnets: try surveyor.podSubnets(facts: facts),
      programs: try await surveyor.programs(for: facts, areFetchedByHosts: isLate),
      etcd: try state.etcd()
    )
  }

  private func read(factsFile: String) throws -> HostFacts {
    let text = try readText(factsFile, what: "facts")
    do {
      return try JSONDecoder().decode(HostFacts.self, from: Data(text.utf8))
    } catch {
      throw Failure(
        .invalidInput,
        "\(factsFile) does not hold a host's facts",
        why: Failure.reason(of: error),
        remedy: "copy one from the state folder's facts/ of a cluster like it"
      )
    }
  }
}
