using Outbox.Cluster.Tests.Brokers;

[assembly: AssemblyFixture(typeof(ThreeBrokers))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
