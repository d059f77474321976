// SPDX-License-Identifier: Apache-2.0

import Values

/// EC2's API: instances and their types.
package struct EC2: Sendable {
  private let client: ServiceClient

  package init(_ client: ServiceClient) {
    self.client = client
  }

  /// An instance, as far as a node needs it.
  package struct Instance: Sendable, Equatable {
    package let id: String
    /// The name that EKS wants the node to have.
    package let privateDNSName: String
    package let privateAddress: String?
    package let type: String?
    package let zone: String?
    package let tags: [String: String]
  }

  /// One instance; nil where EC2 does not know it.
  /// - Throws: `ServiceError`, `Failure`.
  package func instance(_ id: String) async throws -> Instance? {
    do {
      let answer = try await call(
        InstancesAnswer.self,
        "DescribeInstances",
        [.init("InstanceId.1", id)]
      )
      let items = answer.reservationSet?.item.flatMap { $0.instancesSet?.item ?? [] } ?? []
      return items.first { $0.instanceId == id }?.value
    } catch let error as ServiceError where error.reason == .notFound {
      return nil
    }
  }

  /// Those of the instances that EC2 knows, a few hundred a request.
  /// - Throws: `ServiceError`, `Failure`.
  package func instances(_ ids: [String]) async throws -> [Instance] {
    var found: [Instance] = []
    // EC2's limit of values for one filter; by filter an unknown id is no error.
    for chunk in ids.chunks(of: 200) {
      let values = chunk.enumerated().map {
        HTTPRequest.Field("Filter.1.Value.\($0.offset + 1)", $0.element)
      }
      let answer = try await call(
        InstancesAnswer.self,
        "DescribeInstances",
        [.init("Filter.1.Name", "instance-id")] + values
      )
      let items = answer.reservationSet?.item.flatMap { $0.instancesSet?.item ?? [] } ?? []
      found += items.map(\.value)
    }
    return found
  }

  /// Instance types by name, or all of the region's.
  /// - Throws: `ServiceError`, `Failure`.
  package func instanceTypes(_ names: [String] = []) async throws -> [InstanceType] {
    let filter = names.enumerated().map {
      HTTPRequest.Field("InstanceType.\($0.offset + 1)", $0.element)
    }
    var types: [InstanceType] = []
    var token: String?
    for _ in 0..<100 {
      // EC2 takes either a page size or names.
      let page: [HTTPRequest.Field] = names.isEmpty ? [.init("MaxResults", "100")] : []
      let answer = try await call(
        TypesAnswer.self,
        "DescribeInstanceTypes",
        filter + page + (token.map { [.init("NextToken", $0)] } ?? [])
      )
      types += (answer.instanceTypeSet?.item ?? []).compactMap(\.value)
      token = answer.nextToken
      if token?.isEmpty ?? true { return types }
    }
    throw Failure(.step, "ec2:DescribeInstanceTypes does not come to an end")
  }

  private func call<Answer: Decodable>(
    _ type: Answer.Type,
    _ action: String,
    _ parameters: [HTTPRequest.Field]
  ) async throws -> Answer {
    let request = client.query(action, version: "2016-11-15", parameters)
    return try XMLAnswer.decode(type, from: try await client.send(action, request).body)
  }
}

/// EC2's lists: `<item>` as often as need be, none in an empty list.
private struct Items<Item: Decodable>: Decodable {
  let item: [Item]
}

private struct InstancesAnswer: Decodable {
  struct Reservation: Decodable {
    let instancesSet: Items<Instance>?
  }
  struct Placement: Decodable {
    let availabilityZone: String?
  }
  struct Tag: Decodable {
    let key: String
    let value: String?
  }
  struct Instance: Decodable {
    let instanceId: String
    let privateDnsName: String?
    let privateIpAddress: String?
    let instanceType: String?
    let placement: Placement?
    let tagSet: Items<Tag>?

    var value: EC2.Instance {
      EC2.Instance(
        id: instanceId,
        privateDNSName: privateDnsName ?? "",
        privateAddress: privateIpAddress,
        type: instanceType,
        zone: placement?.availabilityZone,
        tags: Dictionary(
          (tagSet?.item ?? []).map { ($0.key, $0.value ?? "") },
          uniquingKeysWith: { first, _ in first }
        )
      )
    }
  }
  let reservationSet: Items<Reservation>?
}

private struct TypesAnswer: Decodable {
  struct Processor: Decodable {
    let defaultVCpus: Int?
  }
  struct Card: Decodable {
    let networkCardIndex: Int
    let maximumNetworkInterfaces: Int
  }
  struct Network: Decodable {
    let maximumNetworkInterfaces: Int?
    let ipv4AddressesPerInterface: Int?
    let defaultNetworkCardIndex: Int?
    let networkCards: Items<Card>?
  }
  struct InstanceDescription: Decodable {
    let instanceType: String
    let hypervisor: String?
    let bareMetal: Bool?
    let vCpuInfo: Processor?
    let networkInfo: Network?

    var value: InstanceType? {
      guard let networkInfo, let addresses = networkInfo.ipv4AddressesPerInterface,
        let vCPUs = vCpuInfo?.defaultVCpus
      else { return nil }
      // Pods get addresses of the default network card only.
      let card = networkInfo.networkCards?.item
        .first { $0.networkCardIndex == networkInfo.defaultNetworkCardIndex ?? 0 }
      guard let interfaces = card?.maximumNetworkInterfaces ?? networkInfo.maximumNetworkInterfaces
      else { return nil }
      return InstanceType(
        name: instanceType,
        interfaces: interfaces,
        addressesPerInterface: addresses,
        vCPUs: vCPUs,
        takesPrefixes: hypervisor == "nitro" || bareMetal == true
      )
    }
  }
  let instanceTypeSet: Items<InstanceDescription>?
  let nextToken: String?
}
