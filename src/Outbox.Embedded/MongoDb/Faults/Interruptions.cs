namespace Outbox.Embedded.MongoDb.Faults;

/// <summary>At which moment of a command a connection is dropped.</summary>
public enum DropMoment
{
    /// <summary>Before the command did anything.</summary>
    Before,

    /// <summary>After it took effect, but before its answer was sent: the client cannot know.</summary>
    After,
}

/// What a test has asked to happen to commands: dropped connections, a pause, random faults.
internal sealed class Interruptions
{
    private readonly Lock _gate = new();
    private readonly List<Drop> _drops = [];
    private readonly List<Delay> _delays = [];
    private TaskCompletionSource? _paused;
    private RandomFaults? _random;

    /// Ends when the server is not paused.
    public Task Running => Volatile.Read(ref _paused)?.Task ?? Task.CompletedTask;

    public void Pause()
    {
        lock (_gate)
        {
            _paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume()
    {
        lock (_gate)
        {
            _paused?.TrySetResult();
            _paused = null;
        }
    }

    public void DropNext(DropMoment moment, Func<string, bool> command, int count)
    {
        lock (_gate)
        {
            _drops.Add(new Drop(moment, command) { Left = count });
        }
    }

    public void DelayNext(TimeSpan time, Func<string, bool> command, int count)
    {
        lock (_gate)
        {
            _delays.Add(new Delay(time, command) { Left = count });
        }
    }

    /// For how long the answer to this command is kept back, when it is ready.
    public TimeSpan? DelayOf(string command)
    {
        lock (_gate)
        {
            var delay = _delays.Find(d => d.Left > 0 && d.Command(command));
            if (delay is not null && --delay.Left == 0)
            {
                _delays.Remove(delay);
            }

            return delay?.Time;
        }
    }

    public void UseRandom(RandomFaults? faults) => Volatile.Write(ref _random, faults);

    public bool Drops(DropMoment moment, string command)
    {
        lock (_gate)
        {
            var drop = _drops.Find(d => d.Moment == moment && d.Left > 0 && d.Command(command));
            if (drop is not null && --drop.Left == 0)
            {
                _drops.Remove(drop);
            }

            return drop is not null;
        }
    }

    /// What chance has in store for this command.
    public DropMoment? Chance(string command) => Volatile.Read(ref _random)?.Next(command);

    private sealed record Delay(TimeSpan Time, Func<string, bool> Command)
    {
        public int Left { get; set; }
    }

    private sealed record Drop(DropMoment Moment, Func<string, bool> Command)
    {
        public int Left { get; set; }
    }
}
