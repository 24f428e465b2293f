using System.Collections.Concurrent;
using Outbox.Delivery.Reporting;
using Outbox.Messages;

namespace Outbox.Delivery.Health;

/// <summary>Some of the messages that fail and are tried again: enough to tell others why an entity waits.</summary>
internal sealed class FailingMessages(TimeProvider time)
{
    /// <summary>More than a report has, so that what is over makes room.</summary>
    private const int Most = 2 * RelayReport.Most;

    private readonly ConcurrentDictionary<Entity, Failing> _messages = new();

    public void Failed(OutboxMessage message, int failures, string error)
    {
        var now = time.GetTimestamp();
        if (_messages.TryGetValue(message.Entity, out var known) || _messages.Count < Most)
        {
            _messages[message.Entity] = new Failing(message.MessageId, failures, error, known?.MessageId == message.MessageId ? known.Since : now, now);
        }
    }

    public void Done(Entity entity)
    {
        if (!_messages.IsEmpty)
        {
            _messages.TryRemove(entity, out _);
        }
    }

    /// <summary>Those that failed for the longest time. What has not failed again in <paramref name="turn"/> is another relay's by now.</summary>
    public IReadOnlyList<ReportedFailure> Report(TimeSpan turn)
    {
        foreach (var old in _messages.Where(entry => time.GetElapsedTime(entry.Value.At) > turn).ToList())
        {
            _messages.TryRemove(old);
        }

        return [.. _messages.ToArray().OrderBy(entry => entry.Value.Since).Take(RelayReport.Most)
            .Select(entry => new ReportedFailure(entry.Key, entry.Value.MessageId, entry.Value.Failures, entry.Value.Error, time.GetElapsedTime(entry.Value.Since)))];
    }

    private sealed record Failing(string MessageId, int Failures, string Error, long Since, long At);
}
