using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Watching;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Inbox.Watching;

public sealed class ClientWatchTests
{
    private readonly Clock _clock = new();
    private readonly Probe _probe = new();
    private readonly ClientWatch _watch;

    public ClientWatchTests() =>
        _watch = new ClientWatch(new EndpointName("g", new KnownTopics(new TopicSelector("orders"))), _probe, _clock, NullLogger.Instance);

    [Fact]
    public async Task G10_a_client_that_is_not_answered_while_a_fresh_one_is_has_to_be_replaced()
    {
        _probe.Own = false;
        await AskAsync(2);

        await Assert.ThrowsAsync<DeadClientException>(() => AskAsync(1));
    }

    [Fact]
    public async Task Brokers_that_answer_nobody_are_no_reason_to_replace_the_client()
    {
        (_probe.Own, _probe.Fresh) = (false, false);
        await AskAsync(10);
    }

    [Fact]
    public async Task A_message_shows_that_the_client_lives()
    {
        _probe.Own = false;
        for (var i = 0; i < 5; i++)
        {
            await AskAsync(2);
            _watch.Heard();
        }
    }

    [Fact]
    public async Task Nobody_is_asked_while_messages_come()
    {
        for (var i = 0; i < 10; i++)
        {
            _clock.Now += TimeSpan.FromSeconds(4);
            _watch.Heard();
            _watch.Look(null!);
        }

        await Task.Yield();
        Assert.Equal(0, _probe.Asked);
    }

    private async Task AskAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _clock.Now += TimeSpan.FromSeconds(6);
            var asked = _probe.Asked;
            _watch.Look(null!);
            await Signal.Eventually(() => _probe.Asked > asked && _probe.Answered == _probe.Asked, "the question was answered");
            _watch.Wait();
            await Signal.Eventually(() => _watch.IsAnswered, "the answer is there");
            _watch.Look(null!);
        }
    }

    private sealed class Probe : IClientProbe
    {
        private int _asked;
        private int _answered;

        public bool Own { get; set; } = true;

        public bool Fresh { get; set; } = true;

        public int Asked => Volatile.Read(ref _asked);

        public int Answered => Volatile.Read(ref _answered);

        public bool Answers(IConsumer<byte[]?, byte[]?> consumer)
        {
            Interlocked.Increment(ref _asked);
            Interlocked.Increment(ref _answered);
            return Own;
        }

        public bool AnswersAFreshClient() => Fresh;
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
