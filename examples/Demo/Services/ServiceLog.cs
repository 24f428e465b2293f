namespace Demo.Services;

/// <summary>The file that takes what a service prints, over all its starts.</summary>
internal sealed class ServiceLog(string path) : IDisposable
{
    private readonly StreamWriter _writer = new(path) { AutoFlush = true };
    private readonly Lock _turn = new();
    private bool _closed;

    public string Path { get; } = path;

    public void Write(string? line)
    {
        lock (_turn)
        {
            if (line is not null && !_closed)
            {
                _writer.WriteLine(line);
            }
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _closed = true;
            _writer.Dispose();
        }
    }
}
