namespace Outbox.Testing.Inbox;

/// <summary>One transaction at a time for each key, where a database would have the second one conflict and run again.</summary>
internal sealed class KeyLocks
{
    private readonly Dictionary<object, Turn> _turns = [];

    /// <summary>Waits for all keys. To exclude deadlocks, everybody names keys in the same order.</summary>
    public async Task<IDisposable> EnterAsync(IReadOnlyList<object> keys, CancellationToken cancellationToken)
    {
        var held = new Held(this);
        try
        {
            foreach (var key in keys)
            {
                var turn = Join(key);
                try
                {
                    await turn.Free.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    Leave(key);
                    throw;
                }

                held.Keys.Push(key);
            }

            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private Turn Join(object key)
    {
        lock (_turns)
        {
            if (!_turns.TryGetValue(key, out var turn))
            {
                _turns[key] = turn = new Turn();
            }

            turn.Users++;
            return turn;
        }
    }

    private void Leave(object key)
    {
        lock (_turns)
        {
            if (--_turns[key].Users == 0)
            {
                _turns.Remove(key);
            }
        }
    }

    private void Release(object key)
    {
        lock (_turns)
        {
            _turns[key].Free.Release();
        }

        Leave(key);
    }

    private sealed class Turn
    {
        public readonly SemaphoreSlim Free = new(1, 1);
        public int Users;
    }

    private sealed class Held(KeyLocks locks) : IDisposable
    {
        public Stack<object> Keys { get; } = [];

        public void Dispose()
        {
            while (Keys.TryPop(out var key))
            {
                locks.Release(key);
            }
        }
    }
}
