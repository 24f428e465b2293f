using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>The messages of one key.</summary>
internal sealed class KeyLane(MessageKey? key)
{
    private readonly LinkedList<Passage> _waiting = new();

    public MessageKey? Key => key;

    public int Running { get; set; }

    public bool Offered { get; set; }

    /// <summary>Those that were put aside. They may go again when another of their key has taken effect, or after a while.</summary>
    public List<Passage> Aside { get; } = [];

    /// <summary>Whether what is put aside holds up the others.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Whether something will come to let those that were put aside go again.</summary>
    public bool IsTimed { get; set; }

    public bool CanRun => _waiting.Count > 0 && !IsBlocked;

    public bool IsEmpty => Running == 0 && _waiting.Count == 0 && Aside.Count == 0;

    public void Enqueue(Passage message) => _waiting.AddLast(message);

    public Passage Dequeue()
    {
        var message = _waiting.First!.Value;
        _waiting.RemoveFirst();
        return message;
    }

    public void PutAside(Passage message)
    {
        Aside.Add(message);
        IsBlocked |= message.Aside!.KeepsOrder;
    }

    /// <summary>Those that were put aside wait again, before those that came after them.</summary>
    public void Recall()
    {
        for (var i = Aside.Count - 1; i >= 0; i--)
        {
            _waiting.AddFirst(Aside[i]);
        }

        Aside.Clear();
        IsBlocked = false;
    }
}
