using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Inbox;
using Outbox.Messages.Registration;
using Outbox.Tests.Delivery;

namespace Outbox.Tests.Telemetry;

[Collection(nameof(Listeners))]
public sealed class UnheardTests
{
    private const int Times = 1_000;

    [Fact]
    public void Where_nobody_listens_a_message_costs_no_allocation()
    {
        var relay = new RelayMetrics(Meters.Unheard);
        var inbox = new InboxMetrics(Meters.Unheard, new MessageRegistry([]));
        var messages = Enumerable.Range(0, 100).Select(n => Samples.Message($"o{n}")).ToList();
        Run(relay, inbox, messages);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            Run(relay, inbox, messages);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Run(RelayMetrics relay, InboxMetrics inbox, List<Outbox.Messages.OutboxMessage> messages)
    {
        relay.Batch(messages, [], messages.Count, TimeSpan.FromMilliseconds(1), DateTimeOffset.UnixEpoch);
        relay.Settled([], []);
        Assert.False(inbox.ShowsDelay);
        Assert.Null(SendSpans.Start(messages));
        Assert.Null(SendSpans.StartAlone(messages[0]));
    }
}
