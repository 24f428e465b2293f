using Outbox.Integration.Tests.Servers;

// Most of a test's time is waiting: for a lease, a broker, another process.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]
