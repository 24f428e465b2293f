using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>
/// Runs messages of one key one after the other, in the order in which they came, and those of different keys in parallel up to a limit.
/// Keys take turns: one with many messages does not hold the others back. A message without a key has no order to keep.
/// </summary>
internal sealed class KeyedDispatcher(TopicEndpointSettings settings, Func<IReadOnlyList<Passage>, Task> process) : IDispatcher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MessageKey, Lane> _lanes = [];
    private readonly Queue<Lane> _ready = new();
    private readonly ManualResetEventSlim _room = new(initialState: true);
    private int _running;
    private int _pending;

    public int Pending => Volatile.Read(ref _pending);

    public bool WaitForRoom(TimeSpan timeout, CancellationToken stopping)
    {
        try
        {
            return _room.Wait(timeout, stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Enqueue(Passage message)
    {
        lock (_gate)
        {
            if (++_pending >= settings.PrefetchCount)
            {
                _room.Reset();
            }

            var lane = LaneOf(message.Record.Key);
            lane.Waiting.Enqueue(message);
            Offer(lane);
            Pump();
        }
    }

    private Lane LaneOf(byte[]? key)
    {
        if (key is null)
        {
            return new Lane(null);
        }

        var found = new MessageKey(key);
        if (!_lanes.TryGetValue(found, out var lane))
        {
            _lanes.Add(found, lane = new Lane(found));
        }

        return lane;
    }

    private void Offer(Lane lane)
    {
        if (!lane.Offered && lane.Running < settings.ConcurrentDeliveryLimit && lane.Waiting.Count > 0)
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
            lane.Running++;
            _running++;
            var message = lane.Waiting.Dequeue();
            ThreadPool.UnsafeQueueUserWorkItem(new Run(this, lane, message), preferLocal: false);
            Offer(lane);
        }
    }

    private async Task RunAsync(Lane lane, Passage message)
    {
        try
        {
            await process([message]).ConfigureAwait(false);
        }
        finally
        {
            Completed(lane);
        }
    }

    private void Completed(Lane lane)
    {
        lock (_gate)
        {
            if (--_pending < settings.PrefetchCount)
            {
                _room.Set();
            }

            _running--;
            lane.Running--;
            Offer(lane);
            if (lane is { Running: 0, Waiting.Count: 0, Key: { } key })
            {
                _lanes.Remove(key);
            }

            Pump();
        }
    }

    /// <summary>Starts a message without what the flow of another has set.</summary>
    private sealed class Run(KeyedDispatcher dispatcher, Lane lane, Passage message) : IThreadPoolWorkItem
    {
        public void Execute() => _ = dispatcher.RunAsync(lane, message);
    }

    private sealed class Lane(MessageKey? key)
    {
        public MessageKey? Key => key;

        public Queue<Passage> Waiting { get; } = new();

        public int Running { get; set; }

        public bool Offered { get; set; }
    }
}
