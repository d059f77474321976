// SPDX-License-Identifier: Apache-2.0

// Made by scripts/instance-types; 1373 instance types.
// Source: EC2 DescribeInstanceTypes as kept by moto 5.2.3, 2026-08-02.
// Columns: network interfaces of the default card, IPv4 addresses of one, default vCPUs,
// + for Nitro or bare metal (takes prefixes), size, families.

extension InstanceTypeTable {
  /// Where the figures come from and of which day they are.
  package static let provenance = "EC2 DescribeInstanceTypes as kept by moto 5.2.3, 2026-08-02"

  static let embeddedText = """
    1 50 64 + 32xlarge hpc6id
    2 2 1 - micro t1 t2
    2 2 1 - nano t2
    2 2 2 + micro t3 t3a t4g
    2 2 2 + nano t3 t3a t4g
    2 4 1 + medium a1 c6g c6gd c6gn c7a c7g c7gd c7gn c8a c8g c8gb c8gd c8gn is4gen m6g m6gd m7a m7g
    2 4 1 + medium m7gd m8a m8g m8gb m8gd m8gn r6g r6gd r7a r7g r7gd r8a r8g r8gb r8gd r8gn x2gd x8g
    2 4 1 - small m1
    2 4 2 + small t3a
    2 4 4 + xlarge g4ad
    2 4 8 + 2xlarge g4ad
    2 6 1 - medium m1 m3
    2 6 2 - medium c1
    2 10 2 + large g6f
    2 10 2 - large m4
    2 15 12 + 3xlarge trn2
    2 20 1 + medium c9g c9gd m9g m9gd
    2 50 24 + 12xlarge hpc7a
    2 50 48 + 24xlarge hpc7a
    2 50 96 + 48xlarge hpc6a hpc7a
    2 50 192 + 48xlarge p5 p5e trn2
    2 50 192 + 96xlarge hpc7a hpc8a
    3 4 1 + medium m8azn
    3 4 1 - small t2
    3 4 2 + small t3 t4g
    3 6 2 + medium t3 t3a t4g
    3 6 2 - medium t2
    3 10 2 + large a1 c5 c5a c5ad c5d c5n c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i
    3 10 2 + large c7i-flex c8g c8gb c8gd c8gn i3en i4g i4i i7i i7ie i8g i8ge im4gn is4gen m5 m5a
    3 10 2 + large m5ad m5d m5dn m5n m5zn m6a m6g m6gd m6i m6id m6idn m6in m7a m7g m7gd m7i m7i-flex
    3 10 2 + large m8g m8gb m8gd m8gn r5 r5a r5ad r5b r5d r5dn r5n r6a r6g r6gd r6i r6id r6idn r6in
    3 10 2 + large r7a r7g r7gd r7i r7iz r8g r8gb r8gd r8gn x2gd x8g z1d
    3 10 2 - large c3 c4 i3 m1 m3 r3 r4
    3 10 4 + xlarge g4dn
    3 10 4 - xlarge x1e
    3 10 8 + 2xlarge g4dn
    3 10 16 + 4xlarge g4ad g4dn
    3 12 2 + large t3 t3a t4g
    3 12 2 - large t2
    3 15 4 - xlarge t2
    3 15 8 - 2xlarge t2
    3 20 2 + large c8a c8i c8i-flex c8id c9g c9gd m8a m8i m8i-flex m8id m9g m9gd r8a r8i r8i-flex
    3 20 2 + large r8id x8i
    3 20 32 + 8xlarge d3
    3 30 48 + 12xlarge d3en
    4 3 4 + xlarge d3 d3en
    4 5 8 + 2xlarge d3 d3en
    4 10 4 + xlarge inf1
    4 10 8 + 2xlarge inf1
    4 10 16 + 4xlarge d3 d3en
    4 15 2 - xlarge m2
    4 15 4 + xlarge a1 c5 c5a c5ad c5d c5n c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i
    4 15 4 + xlarge c7i-flex c8g c8gb c8gd c8gn g5 g5g g6 g6e g6f i3en i4g i4i i7i i7ie i8g i8ge
    4 15 4 + xlarge im4gn inf2 is4gen m5 m5a m5ad m5d m5dn m5n m5zn m6a m6g m6gd m6i m6id m6idn m6in
    4 15 4 + xlarge m7a m7g m7gd m7i m7i-flex m8g m8gb m8gd m8gn r5 r5a r5ad r5b r5d r5dn r5n r6a
    4 15 4 + xlarge r6g r6gd r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz r8g r8gb r8gd r8gn t3 t3a t4g
    4 15 4 + xlarge x2gd x2iedn x8g z1d
    4 15 4 - xlarge c3 c4 d2 i2 i3 m1 m3 m4 r3 r4
    4 15 8 + 2xlarge a1 c5 c5a c5ad c5d c5n c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i
    4 15 8 + 2xlarge c7i-flex c8g c8gb c8gd c8gn g5 g5g g6 g6e g6f i3en i4g i4i i7i i7ie i8g i8ge
    4 15 8 + 2xlarge im4gn is4gen m5 m5a m5ad m5d m5dn m5n m5zn m6a m6g m6gd m6i m6id m6idn m6in m7a
    4 15 8 + 2xlarge m7g m7gd m7i m7i-flex m8g m8gb m8gd m8gn r5 r5a r5ad r5b r5d r5dn r5n r6a r6g
    4 15 8 + 2xlarge r6gd r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz r8g r8gb r8gd r8gn t3 t3a t4g
    4 15 8 + 2xlarge trn1 x2gd x2iedn x2iezn x8g z1d
    4 15 8 - 2xlarge c3 c4 d2 h1 i2 i3 m4 r3 r4 x1e
    4 15 8 - xlarge c1
    4 15 12 + 3xlarge i3en i7ie vt1
    4 15 16 - 4xlarge x1e
    4 15 24 + 6xlarge d3en
    4 15 32 + 8xlarge g4ad g4dn
    4 15 32 - 8xlarge x1e
    4 15 64 + 16xlarge g4dn
    4 20 2 + large c8ib c8in c8ine m8azn m8ib m8idb m8idn m8in m8ine r8ib r8idb r8idn r8in x8aedz
    4 20 4 + xlarge c8a m8a m8azn r8a x8aedz
    4 20 32 + 8xlarge d3en
    4 30 4 + xlarge c8i c8i-flex c8ib c8id c8in c8ine c9g c9gd m8i m8i-flex m8ib m8id m8idb m8idn
    4 30 4 + xlarge m8in m8ine m9g m9gd r8i r8i-flex r8ib r8id r8idb r8idn r8in x8i
    4 30 4 - 2xlarge m2
    4 30 8 + 2xlarge c8i c8i-flex c8ib c8id c8in c8ine c9g c9gd m8i m8i-flex m8ib m8id m8idb m8idn
    4 30 8 + 2xlarge m8in m8ine m9g m9gd r8i r8i-flex r8ib r8id r8idb r8idn r8in x8i
    4 30 8 - 2xlarge m3
    4 30 16 + 4xlarge p5
    4 40 8 + 2xlarge c8a m8a r8a
    4 50 16 + 4xlarge hpc7g
    4 50 32 + 8xlarge hpc7g
    4 50 64 + 16xlarge hpc7g
    4 50 192 + 48xlarge p5en p6-b200 p6-b300
    4 64 8 + 2xlarge g7 g7e
    5 50 128 + 32xlarge trn1 trn1n
    6 30 12 + 3xlarge i8ge
    7 50 192 + 48xlarge g5
    8 30 8 + metal mac2 mac2-m2
    8 30 8 - 4xlarge m2
    8 30 10 + metal mac-m4
    8 30 12 + 3xlarge m5zn z1d
    8 30 12 + metal mac1 mac2-m2pro
    8 30 14 + metal mac-m4pro
    8 30 16 + 4xlarge a1 c5 c5a c5ad c5d c5n c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i
    8 30 16 + 4xlarge c7i-flex c8g c8gb c8gd c8gn g5 g5g g6 g6e g6f gr6 gr6f i4g i4i i7i i8g im4gn
    8 30 16 + 4xlarge is4gen m5 m5a m5ad m5d m5dn m5n m6a m6g m6gd m6i m6id m6idn m6in m7a m7g m7gd
    8 30 16 + 4xlarge m7i m7i-flex m8g m8gb m8gd m8gn r5 r5a r5ad r5b r5d r5dn r5n r6a r6g r6gd r6i
    8 30 16 + 4xlarge r6id r6idn r6in r7a r7g r7gd r7i r7iz r8g r8gb r8gd r8gn x2gd x2iedn x2iezn
    8 30 16 + 4xlarge x8g
    8 30 16 + metal a1 mac-m4max
    8 30 16 - 4xlarge c3 c4 d2 h1 i2 i3 m4 r3 r4
    8 30 20 + metal mac2-m1ultra
    8 30 24 + 6xlarge f2 i3en i7ie inf1 m5zn vt1 x2iezn z1d
    8 30 28 + metal mac-m3ultra
    8 30 32 + 8xlarge c5a c5ad c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i c7i-flex c8g
    8 30 32 + 8xlarge c8gd g5 g5g g6 g6e gr6 i4g i4i i7i i8g im4gn inf2 is4gen m5 m5a m5ad m5d m5dn
    8 30 32 + 8xlarge m5n m6a m6g m6gd m6i m6id m6idn m6in m7a m7g m7gd m7i m7i-flex m8g m8gd r5 r5a
    8 30 32 + 8xlarge r5ad r5b r5d r5dn r5n r6a r6g r6gd r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz
    8 30 32 + 8xlarge r8g r8gd x2gd x2iedn x2iezn x8g
    8 30 32 - 8xlarge c3 h1 i2 i3 r3 r4
    8 30 36 + 9xlarge c5 c5d c5n
    8 30 36 - 8xlarge c4 d2
    8 30 40 - 10xlarge m4
    8 30 48 + 12xlarge c5 c5a c5ad c5d c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i
    8 30 48 + 12xlarge c7i-flex c8g c8gd f2 g4dn g6 i3en i4i i7i i8g m5 m5a m5ad m5d m5dn m5n m6a
    8 30 48 + 12xlarge m6g m6gd m6i m6id m6idn m6in m7a m7g m7gd m7i m7i-flex m8g m8gd r5 r5a r5ad
    8 30 48 + 12xlarge r5b r5d r5dn r5n r6a r6g r6gd r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz r8g
    8 30 48 + 12xlarge r8gd x2gd x8g
    8 30 64 + 16xlarge g4ad g5
    8 30 64 - 16xlarge m4 x1 x1e
    8 30 128 - 32xlarge x1 x1e
    8 30 224 + 56xlarge u-3tb1
    8 40 12 + 3xlarge m8azn x8aedz
    8 40 16 + 4xlarge c8a m8a r8a
    8 40 24 + 6xlarge m8azn x8aedz
    8 50 16 + 4xlarge c8i c8i-flex c8ib c8id c8in c8ine c9g c9gd m8i m8i-flex m8ib m8id m8idb m8idn
    8 50 16 + 4xlarge m8in m8ine m9g m9gd r8i r8i-flex r8ib r8id r8idb r8idn r8in x8i
    8 50 32 + 8xlarge c8ib c8in c8ine m8ib m8idb m8idn m8in m8ine r8ib r8idb r8idn r8in
    8 50 48 + 12xlarge i7ie
    8 50 64 - 16xlarge h1
    8 50 128 + 32xlarge c6in m6idn m6in r6idn r6in
    8 50 128 + metal c6in m6idn m6in r6idn r6in
    8 50 896 + 224xlarge u7in-16tb u7in-24tb u7in-32tb
    8 64 16 + 4xlarge g7 g7e
    8 64 32 + 8xlarge g7e
    10 30 24 + 6xlarge i8ge
    10 30 32 + 8xlarge c8gb c8gn m8gb m8gn r8gb r8gn
    10 30 48 + 12xlarge g6e
    10 40 32 + 8xlarge c8a m8a r8a
    10 50 32 + 8xlarge c8i c8i-flex c8id c9g c9gd m8i m8i-flex m8id m9g m9gd r8i r8i-flex r8id x8i
    10 50 96 + 24xlarge g6e
    10 50 192 + 48xlarge g6e
    10 64 32 + 8xlarge g7
    10 64 48 + 12xlarge g7e
    10 64 96 + 24xlarge g7e
    10 64 192 + 48xlarge g7e
    11 30 96 + 24xlarge inf1
    12 30 48 + 12xlarge c8gb c8gn i8ge m8gb m8gn r8gb r8gn
    12 50 48 + 12xlarge c8i c8i-flex c8ib c8id c8in c8ine c9g c9gd m8i m8i-flex m8ib m8id m8idb
    12 50 48 + 12xlarge m8idn m8in m8ine m9g m9gd r8i r8i-flex r8ib r8id r8idb r8idn r8in x8i
    12 50 192 + 48xlarge c8gb c8gn m8gb m8gn r8gb r8gn
    12 50 192 + metal-48xl c8gb c8gn m8gb m8gn r8gb r8gn
    12 64 48 + 12xlarge c8a g7 m8a r8a
    12 64 192 + 48xlarge g7
    12 64 384 + 96xlarge c8ib c8in m8ib m8idb m8idn m8in r8ib r8idb r8idn r8in
    12 64 384 + metal-96xl c8ib c8in m8ib m8idb m8idn m8in r8ib r8idb r8idn r8in
    15 30 96 + 24xlarge i4i
    15 50 48 + 12xlarge g5 m5zn x2iezn z1d
    15 50 48 + metal m5zn x2iezn z1d
    15 50 64 + 16xlarge c5a c5ad c6a c6g c6gd c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i c7i-flex c8g
    15 50 64 + 16xlarge c8gd g5g g6 g6e i4g i4i i7i i8g im4gn m5 m5a m5ad m5d m5dn m5n m6a m6g m6gd
    15 50 64 + 16xlarge m6i m6id m6idn m6in m7a m7g m7gd m7i m7i-flex m8g m8gd r5 r5a r5ad r5b r5d
    15 50 64 + 16xlarge r5dn r5n r6a r6g r6gd r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz r8g r8gd
    15 50 64 + 16xlarge x2gd x2idn x2iedn x8g
    15 50 64 + metal c6g c6gd c7g c7gd c7gn g5g m6g m6gd m7g m7gd r6g r6gd r7g r7gd x2gd
    15 50 64 + metal-16xl r7iz
    15 50 64 - 16xlarge i3 r4
    15 50 72 + 18xlarge c5 c5d c5n i7ie
    15 50 72 + metal c5n
    15 50 96 + 24xlarge c5 c5a c5ad c5d c6a c6i c6id c6in c7a c7i c8g c8gd dl2q g5 g6 i3en i7i i7ie
    15 50 96 + 24xlarge i8g inf2 m5 m5a m5ad m5d m5dn m5n m6a m6i m6id m6idn m6in m7a m7i m8g m8gd
    15 50 96 + 24xlarge p3dn p4d p4de r5 r5a r5ad r5b r5d r5dn r5n r6a r6i r6id r6idn r6in r7a r7i
    15 50 96 + 24xlarge r8g r8gd vt1 x2idn x2iedn x8g
    15 50 96 + metal c5 c5d g4dn i3en m5 m5d m5dn m5n r5 r5b r5d r5dn r5n
    15 50 96 + metal-24xl c7i c8g c8gd i7i i7ie i8g m7i m8g m8gd r7i r8g r8gd x8g
    15 50 128 + 32xlarge c6a c6i c6id c7a i4i m6a m6i m6id m7a r6a r6i r6id r7a r7iz x2idn x2iedn
    15 50 128 + metal c6i c6id i4i m6i m6id r6i r6id x2idn x2iedn
    15 50 128 + metal-32xl r7iz
    15 50 192 + 48xlarge c6a c7a c7i c8g c8gd f2 g6 i7i i7ie i8g inf2 m6a m7a m7i m8g m8gd r6a r7a
    15 50 192 + 48xlarge r7i r8g r8gd x8g
    15 50 192 + metal c6a m6a r6a
    15 50 192 + metal-48xl c7a c7i c8g c8gd i7i i7ie i8g m7a m7i m8g m8gd r7a r7i r8g r8gd x8g
    15 50 224 + 56xlarge u-6tb1
    15 50 448 + 112xlarge u-6tb1 u7i-6tb u7i-8tb
    15 50 896 + 224xlarge u7i-12tb
    16 50 64 + 16xlarge c8gb c8gn m8gb m8gn r8gb r8gn
    16 50 72 + 18xlarge i8ge
    16 50 96 + 24xlarge i8ge
    16 50 96 + metal-24xl i8ge
    16 64 48 + 12xlarge m8azn x8aedz
    16 64 48 + metal-12xl m8azn x8aedz
    16 64 64 + 16xlarge c8a c8i c8i-flex c8ib c8id c8in c9g c9gd m8a m8i m8i-flex m8ib m8id m8idb
    16 64 64 + 16xlarge m8idn m8in m9g m9gd r8a r8i r8i-flex r8ib r8id r8idb r8idn r8in x8i
    16 64 96 + 24xlarge c8a c8i c8ib c8id c8in m8a m8azn m8i m8ib m8id m8idb m8idn m8in r8a r8i r8ib
    16 64 96 + 24xlarge r8id r8idb r8idn r8in x8aedz x8i
    16 64 96 + metal-24xl c8a m8a m8azn r8a x8aedz
    16 64 128 + 32xlarge c8ib c8in m8ib m8idb m8idn m8in r8ib r8idb r8idn r8in
    24 50 96 + 24xlarge c8gb c8gn m8gb m8gn r8gb r8gn
    24 50 96 + metal-24xl c8gb c8gn m8gb m8gn r8gb r8gn
    24 50 192 + 48xlarge i8ge
    24 50 192 + metal-48xl i8ge
    24 64 96 + 24xlarge c9g c9gd g7 m9g m9gd
    24 64 128 + 32xlarge c8i c8id m8i m8id r8i r8id x8i
    24 64 192 + 48xlarge c8a c8i c8ib c8id c8in c9g c9gd m8a m8i m8ib m8id m8idb m8idn m8in m9g m9gd
    24 64 192 + 48xlarge r8a r8i r8ib r8id r8idb r8idn r8in x8i
    24 64 192 + metal-48xl c8a c8i c8ib c8id c8in c9g c9gd m8a m8i m8ib m8id m8idb m8idn m8in m9g
    24 64 192 + metal-48xl m9gd r8a r8i r8ib r8id r8idb r8idn r8in x8i
    24 64 256 + 64xlarge x8i
    24 64 384 + 96xlarge c8i c8id m8i m8id r8i r8id x8i
    24 64 384 + metal-96xl c8i c8id m8i m8id r8i r8id x8i
    """
}
