using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Inbox.Health;
using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Watching;

namespace Outbox.Kafka.Tests.Inbox.Watching;

public sealed class BrokerWatchTests
{
    private readonly Lines _lines = new();
    private readonly EndpointState _state = new("g", "orders", TimeProvider.System);

    [Fact]
    public void Reasons_that_take_turns_while_nothing_is_consumed_are_told_once_each_and_health_has_the_last()
    {
        var watch = new BrokerWatch(
            new EndpointName("g", new KnownTopics(new TopicSelector("orders"))), new EndpointHealth(null, _state, CancellationToken.None), new KafkaOptions { BootstrapServers = "127.0.0.1:1" }, TimeProvider.System, _lines);

        foreach (var code in new[] { ErrorCode.GroupAuthorizationFailed, ErrorCode.Local_AllBrokersDown, ErrorCode.GroupAuthorizationFailed, ErrorCode.Local_AllBrokersDown, ErrorCode.GroupAuthorizationFailed })
        {
            watch.Reported(new Error(code));
        }

        Assert.Collection(
            _lines.Told,
            line => Assert.Contains("needs the right Read", line, StringComparison.Ordinal),
            line => Assert.Contains("No Kafka broker", line, StringComparison.Ordinal));
        Assert.Contains("needs the right Read", Assert.Single(_state.Faults).Reason, StringComparison.Ordinal);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 353)
            {
                Told.Add(formatter(state, exception));
            }
        }
    }
}
