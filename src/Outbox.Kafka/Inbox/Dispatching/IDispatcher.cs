using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>Takes messages as they are read, and has them processed.</summary>
internal interface IDispatcher
{
    /// <summary>For those that wait or run.</summary>
    Room Room { get; }

    /// <summary>For those that were put aside. Nothing more is read when it is full.</summary>
    Room AsideRoom { get; }

    /// <summary>Why messages are put aside now, if some are.</summary>
    Aside? Aside { get; }

    void Enqueue(Passage message);
}
