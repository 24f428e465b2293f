using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>
/// Runs messages of one key one after the other, in the order in which they came, and those of different keys in parallel up to a limit.
/// Keys take turns: one with many messages does not hold the others back. A message without a key has no order to keep. One that is put aside gives its place up.
/// </summary>
internal sealed class KeyedDispatcher(TopicEndpointSettings settings, RetryWaits waits, Func<IReadOnlyList<Passage>, Task> process) : IDispatcher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MessageKey, KeyLane> _lanes = [];
    private readonly Queue<KeyLane> _ready = new();
    private int _running;
    private volatile Aside? _aside;

    public Room Room { get; } = new(settings.PrefetchCount, settings.PrefetchByteLimit);

    public Room AsideRoom { get; } = new(int.MaxValue, settings.PrefetchByteLimit);

    public Aside? Aside => AsideRoom.Messages > 0 ? _aside : null;

    public void Enqueue(Passage message)
    {
        lock (_gate)
        {
            Room.Take(message);
            var lane = LaneOf(message.Record.Key);
            lane.Enqueue(message);
            Offer(lane);
            Pump();
        }
    }

    private KeyLane LaneOf(byte[]? key)
    {
        if (key is null)
        {
            return new KeyLane(null);
        }

        var found = new MessageKey(key);
        if (!_lanes.TryGetValue(found, out var lane))
        {
            _lanes.Add(found, lane = new KeyLane(found));
        }

        return lane;
    }

    private void Offer(KeyLane lane)
    {
        if (!lane.Offered && lane.Running < settings.ConcurrentDeliveryLimit && lane.CanRun)
        {
            lane.Offered = true;
            _ready.Enqueue(lane);
        }
    }

    private void Pump()
    {
        while (_running < settings.ConcurrentMessageLimit && _ready.TryDequeue(out var lane))
        {
            lane.Offered = false;
            if (!lane.CanRun)
            {
                continue;
            }

            lane.Running++;
            _running++;
            var message = lane.Dequeue();
            ThreadPool.UnsafeQueueUserWorkItem(new Run(this, lane, message), preferLocal: false);
            Offer(lane);
        }
    }

    private async Task RunAsync(KeyLane lane, Passage message)
    {
        try
        {
            await process([message]).ConfigureAwait(false);
        }
        finally
        {
            Completed(lane, message);
        }
    }

    private void Completed(KeyLane lane, Passage message)
    {
        lock (_gate)
        {
            _running--;
            lane.Running--;
            Room.Leave(message);
            if (message.Aside is not null && !message.Lifetime.Closing.IsCancellationRequested)
            {
                PutAside(lane, message);
            }
            else if (message.TookEffect && lane.Aside.Count > 0)
            {
                Recall(lane);
            }

            Offer(lane);
            if (lane is { IsEmpty: true, Key: { } key })
            {
                _lanes.Remove(key);
            }

            Pump();
        }
    }

    private void PutAside(KeyLane lane, Passage message)
    {
        _aside = message.Aside;
        AsideRoom.Take(message);
        lane.PutAside(message);
        if (!lane.IsTimed)
        {
            lane.IsTimed = true;
            _ = RecallLaterAsync(lane, message);
        }
    }

    private async Task RecallLaterAsync(KeyLane lane, Passage message)
    {
        await waits.WaitAsync(message.Returns, message.Lifetime.Closing).ConfigureAwait(false);
        lock (_gate)
        {
            lane.IsTimed = false;
            Recall(lane);
            Offer(lane);
            Pump();
        }
    }

    private void Recall(KeyLane lane)
    {
        foreach (var message in lane.Aside)
        {
            AsideRoom.Leave(message);
            Room.Take(message);
        }

        lane.Recall();
    }

    /// <summary>Starts a message without what the flow of another has set.</summary>
    private sealed class Run(KeyedDispatcher dispatcher, KeyLane lane, Passage message) : IThreadPoolWorkItem
    {
        public void Execute() => _ = dispatcher.RunAsync(lane, message);
    }
}
