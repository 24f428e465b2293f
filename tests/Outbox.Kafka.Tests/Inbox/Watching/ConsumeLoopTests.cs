using Microsoft.Extensions.Logging.Abstractions;
using Outbox.Inbox.Health;
using Outbox.Inbox.Replaying;
using Outbox.Kafka.Inbox.Dispatching;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Receiving;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Watching;
using Outbox.Kafka.Inbox.Way;
using Outbox.Operations.Pausing;

namespace Outbox.Kafka.Tests.Inbox.Watching;

/// <summary>A consumer that fails in the moment in which it is to end.</summary>
public sealed class ConsumeLoopTests
{
    private static readonly EndpointName Name = new("g", new KnownTopics(new TopicSelector("orders")));
    private readonly ReplayGate _gate = new(isOpen: true);
    private readonly CancellationTokenSource _stopping = new();
    private int _consumers;

    [Fact]
    public void An_endpoint_stops_without_an_error()
    {
        Loop(_stopping.Cancel).Run(_stopping.Token);
        Assert.Equal(1, _consumers);
    }

    [Fact]
    public void An_endpoint_that_stood_still_for_a_replay_consumes_again()
    {
        var replay = new EndpointReplay("g", 1, ReplayPhase.Pausing, ReplayFrom.Beginning, "why");
        Loop(() =>
        {
            if (_consumers == 1)
            {
                _gate.Show(replay);
                _gate.Show(replay with { Phase = ReplayPhase.Done });
                return;
            }

            _stopping.Cancel();
        }).Run(_stopping.Token);

        Assert.Equal(2, _consumers);
    }

    /// <summary>Between its stop and its start it may have been replayed, or be so now.</summary>
    [Fact]
    public void An_endpoint_that_starts_again_consumes_nothing_before_it_has_looked_whether_it_may()
    {
        Assert.NotNull(_gate.TryEnter(_stopping.Token));
        _gate.Close();
        Assert.Null(_gate.TryEnter(_stopping.Token));
        _gate.Show(null);
        Assert.NotNull(_gate.TryEnter(_stopping.Token));
    }

    private ConsumeLoop Loop(Action ends)
    {
        var (kafka, log) = (new KafkaOptions { BootstrapServers = "127.0.0.1:1" }, NullLogger.Instance);
        var health = new EndpointHealth(null, new EndpointState("g", "orders", TimeProvider.System), _stopping.Token);
        return new ConsumeLoop(
            new ConsumerFactory(Name, new TopicEndpointSettings { Topic = "orders", Group = "g" }, kafka, new OutboxOptions(), log),
            () =>
            {
                _consumers++;
                ends();
                throw new InvalidOperationException("The consumer fails.");
            },
            new Intake(Name, new Nobody(), health, new PauseBook([], TimeProvider.System, NullLogger<PauseBook>.Instance), log),
            new OffsetCommits(Name, TimeProvider.System, log),
            new Watches(new BrokerWatch(Name, health, kafka, TimeProvider.System, log), new ClientWatch(Name, new ClientProbe(kafka), TimeProvider.System, log)))
        {
            Gate = _gate,
        };
    }

    private sealed class Nobody : IDispatcher
    {
        public Room Room { get; } = new(1, 1);

        public Room AsideRoom { get; } = new(1, 1);

        public Aside? Aside => null;

        public void Enqueue(Passage message) => throw new NotSupportedException();
    }
}
