using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>
/// What the clients report. Each reconnects many times a second while brokers are away, so the first error of a kind is a line, and those that follow are counted: one line a minute says how many.
/// </summary>
internal sealed class ClientErrors(TimeProvider time, ILogger<ClientErrors> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long LoggedAt, int Since)> _kinds = new(StringComparer.Ordinal);
    private string? _credentials;

    /// <summary>That the brokers refuse the credentials, if nothing has got through since they did.</summary>
    public string? Credentials => Volatile.Read(ref _credentials);

    /// <summary>Something got through.</summary>
    public void Answered() => Volatile.Write(ref _credentials, null);

    public void Report(Error error)
    {
        var ofCredentials = KafkaErrors.IsOfCredentials(error.Code);
        if (ofCredentials)
        {
            Volatile.Write(ref _credentials, KafkaErrors.Explain(error, ""));
        }

        var more = Count(ofCredentials ? nameof(Credentials) : nameof(Report));
        if (more is null)
        {
            logger.ProducerLog(error.Code.ToString(), error.Reason);
        }
        else if (ofCredentials)
        {
            logger.CredentialsRefused(error.Reason, more);
        }
        else
        {
            logger.ProducerError(error.Code, error.Reason, more);
        }
    }

    /// <summary>A producer was given up, as happens with every batch that no broker answers.</summary>
    public void GivenUp(string reason)
    {
        if (Count(nameof(GivenUp)) is { } more)
        {
            logger.ProducerAbandoned(reason, more);
        }
        else
        {
            logger.ProducerLog(nameof(GivenUp), reason);
        }
    }

    public void Line(LogMessage line) => logger.ProducerLog(line.Facility, line.Message);

    /// <returns>How many of its kind were only counted since the last line, in words, when this one is to be a line.</returns>
    private string? Count(string kind)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_kinds.TryGetValue(kind, out var last) && time.GetElapsedTime(last.LoggedAt, now) < Pause)
            {
                _kinds[kind] = last with { Since = last.Since + 1 };
                return null;
            }

            _kinds[kind] = (now, 0);
            return last.Since == 0 ? "" : $" {last.Since} more since the last line.";
        }
    }
}
