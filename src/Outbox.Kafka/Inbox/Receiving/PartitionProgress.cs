using Confluent.Kafka;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>
/// What is read of one assigned partition and not committed yet. Messages finish in any order; an offset may be committed only when all before it are done.
/// </summary>
internal sealed class PartitionProgress(TopicPartition position)
{
    private readonly Lock _gate = new();
    private readonly Queue<OpenOffset> _open = new();
    private long _next = Offset.Unset;
    private int _finished;

    public TopicPartition Position => position;

    /// <summary>How long its messages may be worked on.</summary>
    public Lifetime Lifetime { get; } = new();

    /// <summary>The offset behind the last one that was read; negative if none was. For the consuming thread alone.</summary>
    public long Expected { get; set; } = -1;

    /// <summary>Whether reading is paused. For the consuming thread alone.</summary>
    public bool Paused { get; set; }

    /// <summary>Whether so much was read behind an unfinished message that nothing more is. For the consuming thread alone.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Why nothing more is read, however little is open; <see langword="null"/> otherwise. For the consuming thread alone.</summary>
    public string? Stopped { get; set; }

    /// <summary>How many messages were read and may not be committed yet.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>The first offset that may not be committed yet.</summary>
    public long? FirstOpen
    {
        get
        {
            lock (_gate)
            {
                return _open.TryPeek(out var first) ? first.Value : null;
            }
        }
    }

    /// <summary>When the first message was published whose offset may not be committed yet.</summary>
    public DateTimeOffset? FirstOpenTime
    {
        get
        {
            lock (_gate)
            {
                return _open.TryPeek(out var first) ? first.Time : null;
            }
        }
    }

    public Passage Begin(KafkaRecord record)
    {
        var open = new OpenOffset(this, record.Position.Offset, record.Time);
        lock (_gate)
        {
            _open.Enqueue(open);
        }

        return new Passage(record, Lifetime, open);
    }

    public void Finish(OpenOffset offset)
    {
        lock (_gate)
        {
            offset.Done = true;
            while (_open.TryPeek(out var first) && first.Done)
            {
                _next = _open.Dequeue().Value + 1;
                _finished++;
            }
        }
    }

    /// <summary>The offset to commit, if it has moved since it was last taken, and how many messages it moved by.</summary>
    public TopicPartitionOffset? TakeFinished(out int messages)
    {
        lock (_gate)
        {
            messages = _finished;
            _finished = 0;
            return messages == 0 ? null : new TopicPartitionOffset(position, _next);
        }
    }
}
