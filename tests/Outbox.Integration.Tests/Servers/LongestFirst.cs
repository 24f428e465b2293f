using Outbox.Integration.Tests.Conformance;
using Outbox.Integration.Tests.Delivery.Faults;
using Outbox.Integration.Tests.Delivery.Parking;
using Outbox.Integration.Tests.Hanging;
using Outbox.Integration.Tests.History.Projecting;
using Outbox.Integration.Tests.History.Repairing;
using Outbox.Integration.Tests.Inbox.Sequencing;
using Xunit.Sdk;
using Xunit.v3;

namespace Outbox.Integration.Tests.Servers;

/// <summary>Begins with the classes that take a minute and more, whose tests run one after the other: begun last, they run on when all others have ended.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Longest =
    [
        typeof(SameBehaviourTests), typeof(GapRepairTests), typeof(PausedRelayOfKafkaTransactionsTests), typeof(PausedRelayOfLeaseTimeTests), typeof(Inbox.Replaying.ReplayTests),
        typeof(History.Replaying.HistoryReplayTests), typeof(HungCommandTests), typeof(OutageTests), typeof(CrashPointTests), typeof(RebuildCrashTests), typeof(UnreadableMessageTests), typeof(SequenceTests),
        typeof(FollowTests), typeof(Inbox.KilledConsumerTests), typeof(Operations.IndexUseTests), typeof(Inbox.AbortedTransactionTests), typeof(Inbox.LostMessagesTests), typeof(Capture.KilledWriterTests),
    ];

    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection => [.. testCollections.OrderBy(RankOf)];

    private static int RankOf<T>(T collection)
        where T : ITestCollection
    {
        var rank = Array.FindIndex(Longest, type => collection.TestCollectionDisplayName.Contains(type.FullName!, StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
