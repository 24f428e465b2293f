namespace Outbox.Testing.Store;

/// <summary>The database: each step is atomic. A step that can fail does so before it changes anything.</summary>
internal sealed class InMemoryStore
{
    private readonly Lock _gate = new();
    private readonly Tables _tables = new();

    public T Run<T>(Func<Tables, T> step)
    {
        lock (_gate)
        {
            return step(_tables);
        }
    }

    public void Run(Action<Tables> step)
    {
        lock (_gate)
        {
            step(_tables);
        }
    }
}
