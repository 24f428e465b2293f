using Outbox.Kafka.Inbox.Configuration;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>
/// Runs messages of one key one after the other, in the order in which they came, and those of different keys in parallel up to a limit.
/// Keys take turns: one with many messages does not hold the others back. A message without a key has no order to keep.
/// </summary>
internal sealed class KeyedDispatcher(TopicEndpointSettings settings, Func<ReceivedMessage, Task> process) : IDispatcher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MessageKey, Lane> _lanes = [];
    private readonly Queue<Lane> _ready = new();
    private readonly ManualResetEventSlim _room = new(initialState: true);
    private int _running;
    private int _pending;

    /// <summary>How many messages wait or run.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Blocks until fewer messages than <c>PrefetchCount</c> wait or run.</summary>
    /// <returns>Whether there is room; not if the time is over or the endpoint stops.</returns>
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

    public void Enqueue(ReceivedMessage message)
    {
        lock (_gate)
        {
            if (++_pending >= settings.PrefetchCount)
            {
                _room.Reset();
            }

            var lane = LaneOf(message.Key);
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

    private async Task RunAsync(Lane lane, ReceivedMessage message)
    {
        try
        {
            await process(message).ConfigureAwait(false);
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
    private sealed class Run(KeyedDispatcher dispatcher, Lane lane, ReceivedMessage message) : IThreadPoolWorkItem
    {
        public void Execute() => _ = dispatcher.RunAsync(lane, message);
    }

    private sealed class Lane(MessageKey? key)
    {
        public MessageKey? Key => key;

        public Queue<ReceivedMessage> Waiting { get; } = new();

        public int Running { get; set; }

        public bool Offered { get; set; }
    }
}
