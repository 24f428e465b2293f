using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Tests.Delivery;

/// <summary>An outage is a line when it begins, and one a minute while it lasts, whatever the clients report.</summary>
public sealed class ClientErrorsTests : ILogger<ClientErrors>
{
    private static readonly Error Down = new(ErrorCode.Local_AllBrokersDown, "3/3 brokers are down");
    private static readonly Error Refused = new(ErrorCode.SaslAuthenticationFailed, "invalid credentials");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly List<string> _lines = [];
    private readonly ClientErrors _errors;

    public ClientErrorsTests() => _errors = new ClientErrors(_time, this);

    [Fact]
    public void The_first_error_is_a_line_and_those_of_a_minute_are_counted_in_the_next()
    {
        for (var n = 0; n < 150; n++)
        {
            _errors.Report(Down);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal("250: Kafka producer: Local_AllBrokersDown: 3/3 brokers are down.", Assert.Single(_lines));

        _time.Advance(TimeSpan.FromMinutes(1));
        _errors.Report(Down);
        _errors.Report(Down);

        Assert.Equal(2, _lines.Count);
        Assert.Contains("149 more since the last line", _lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_that_are_refused_are_named_at_once_also_in_an_outage_and_until_something_gets_through()
    {
        _errors.Report(Down);
        for (var n = 0; n < 100; n++)
        {
            _errors.Report(Refused);
        }

        Assert.Equal(2, _lines.Count);
        Assert.Contains("256: The brokers refuse the credentials of Outbox:Kafka:Settings: invalid credentials", _lines[1], StringComparison.Ordinal);
        Assert.NotNull(_errors.Credentials);
        _errors.Answered();
        Assert.Null(_errors.Credentials);
    }

    [Fact]
    public void Producers_that_are_given_up_are_told_of_once_and_counted()
    {
        for (var n = 0; n < 20; n++)
        {
            _errors.GivenUp("no broker answers");
        }

        Assert.Equal("252: The Kafka producer was given up and will be built anew: no broker answers.", Assert.Single(_lines));
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Information)
        {
            _lines.Add($"{eventId.Id}: {formatter(state, exception)}");
        }
    }
}
