using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>Commits the offsets of messages that are done.</summary>
internal sealed class OffsetCommits(EndpointName endpoint, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan StoreInterval = TimeSpan.FromMilliseconds(5);

    private long _stored;
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(30);

    private Task _commit = Task.CompletedTask;
    private long _said;
    private string? _reason;

    /// <summary>It looks at every partition, which is too much to do for every message.</summary>
    /// <returns>Whether it looked now.</returns>
    public bool Store(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment)
    {
        if (time.GetElapsedTime(_stored) < StoreInterval)
        {
            return false;
        }

        _stored = time.GetTimestamp();
        if (assignment.StoreFinished(consumer) && _commit.IsCompleted)
        {
            _commit = Task.Run(() => Commit(consumer));
        }

        return true;
    }

    /// <summary>Blocks until no commit uses its consumer any more.</summary>
    public void Wait() => _commit.Wait(CancellationToken.None);

    /// <summary>A client that is dead answers no commit.</summary>
    /// <returns>Ends when no commit uses its consumer any more, which may be never.</returns>
    public Task Abandon()
    {
        var last = _commit;
        _commit = Task.CompletedTask;
        return last;
    }

    /// <summary>The commits that librdkafka makes by itself, at its interval and before partitions go.</summary>
    public void Report(CommittedOffsets committed)
    {
        if (committed.Error.IsError)
        {
            Report(committed.Error);
        }
        else if (committed.Offsets.FirstOrDefault(offset => offset.Error.IsError) is { } refused)
        {
            Report(refused.Error);
        }
    }

    private void Commit(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            consumer.Commit();
        }
        catch (KafkaException error)
        {
            Report(error.Error);
        }
    }

    private void Report(Error error)
    {
        // Another commit was first.
        if (error.Code == ErrorCode.Local_NoOffset)
        {
            return;
        }

        // It is tried again at each interval, and may fail as often.
        if (error.Reason != _reason || time.GetElapsedTime(_said) >= SayAgain)
        {
            (_said, _reason) = (time.GetTimestamp(), error.Reason);
            logger.CommitFailed(endpoint.Group, error.Reason);
        }
    }
}
