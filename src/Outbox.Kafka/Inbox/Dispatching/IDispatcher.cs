using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>Takes messages as they are read, and has them processed.</summary>
internal interface IDispatcher
{
    /// <summary>How many messages wait or run.</summary>
    int Pending { get; }

    /// <summary>Blocks until fewer messages than <c>PrefetchCount</c> wait or run.</summary>
    /// <returns>Whether there is room; not if the time is over or the endpoint stops.</returns>
    bool WaitForRoom(TimeSpan timeout, CancellationToken stopping);

    void Enqueue(Passage message);
}
