using Outbox.Kafka.Inbox.Endpoint;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Dispatching;

/// <summary>
/// Puts batches together in the order in which messages came. Keys are shared out to as many lines as batches may run at once; a line runs one batch after the
/// other, so that no message overtakes another of its key. A batch starts when it is full, when its time is over, or when nothing more can come. A message that is put aside, because it can
/// neither be processed nor wait elsewhere, is in a later batch again.
/// </summary>
internal sealed class BatchDispatcher : IDispatcher
{
    private readonly BatchLimits _limits;
    private readonly TimeProvider _time;
    private readonly RetryWaits _waits;
    private readonly Func<IReadOnlyList<Passage>, Task> _process;
    private readonly Lock _gate = new();
    private readonly Line[] _lines;
    private int _keyless;
    private volatile Aside? _aside;

    public BatchDispatcher(TopicEndpointSettings settings, BatchLimits limits, RetryWaits waits, TimeProvider time, Func<IReadOnlyList<Passage>, Task> process)
    {
        (_limits, _waits, _time, _process) = (limits, waits, time, process);
        Room = new Room(settings.PrefetchCount, settings.PrefetchByteLimit);
        AsideRoom = new Room(int.MaxValue, settings.PrefetchByteLimit);
        _lines = [.. Enumerable.Range(0, limits.ConcurrencyLimit).Select(_ => new Line(CreateTimer))];
    }

    public Room Room { get; }

    public Room AsideRoom { get; }

    public Aside? Aside => AsideRoom.Messages > 0 ? _aside : null;

    public void Enqueue(Passage message)
    {
        lock (_gate)
        {
            var line = LineOf(message.Record.Key);
            if (line.Waiting.Count == 0)
            {
                line.Since = _time.GetTimestamp();
            }

            line.Waiting.Enqueue(message);
            Room.Take(message);
            if (!Room.IsFull)
            {
                Consider(line);
                return;
            }

            Array.ForEach(_lines, Consider);
        }
    }

    private ITimer CreateTimer(Line line) => _time.CreateTimer(_ => TimeIsOver(line), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private Line LineOf(byte[]? key)
    {
        var hash = key is null ? _keyless++ : new MessageKey(key).GetHashCode();
        return _lines[(uint)hash % _lines.Length];
    }

    private void Consider(Line line)
    {
        if (line.Running || line.Waiting.Count == 0)
        {
            return;
        }

        if (line.Waiting.Count >= _limits.MessageLimit || Room.IsFull)
        {
            Start(line);
        }
        else if (!line.Timed)
        {
            var left = _limits.TimeLimit - _time.GetElapsedTime(line.Since);
            if (left <= TimeSpan.Zero)
            {
                Start(line);
                return;
            }

            line.Timed = true;
            line.Timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    private void TimeIsOver(Line line)
    {
        lock (_gate)
        {
            line.Timed = false;
            Consider(line);
        }
    }

    private void Start(Line line)
    {
        var batch = new List<Passage>(Math.Min(_limits.MessageLimit, line.Waiting.Count));
        while (batch.Count < _limits.MessageLimit && line.Waiting.TryDequeue(out var message))
        {
            batch.Add(message);
        }

        line.Running = true;
        line.Since = _time.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(_ => { _ = RunAsync(line, batch); }, null);
    }

    private async Task RunAsync(Line line, List<Passage> batch)
    {
        try
        {
            await _process(batch).ConfigureAwait(false);
        }
        finally
        {
            Completed(line, batch);
        }
    }

    private void Completed(Line line, List<Passage> batch)
    {
        lock (_gate)
        {
            Room.Leave(batch);
            line.Running = false;
            foreach (var message in batch.Where(message => message.Aside is not null && !message.Lifetime.Closing.IsCancellationRequested))
            {
                _aside = message.Aside;
                AsideRoom.Take(message);
                _ = RecallLaterAsync(message);
            }

            Consider(line);
        }
    }

    private async Task RecallLaterAsync(Passage message)
    {
        await _waits.WaitAsync(message.Returns, message.Lifetime.Closing).ConfigureAwait(false);
        AsideRoom.Leave(message);
        Enqueue(message);
    }

    private sealed class Line
    {
        public Line(Func<Line, ITimer> timer) => Timer = timer(this);

        public ITimer Timer { get; }

        public Queue<Passage> Waiting { get; } = new();

        /// <summary>When the first of those that wait came, or at the latest the last batch began.</summary>
        public long Since { get; set; }

        public bool Timed { get; set; }

        public bool Running { get; set; }
    }
}
