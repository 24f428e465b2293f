namespace Outbox.Benchmarks.Delivery;

/// Durations of single operations.
internal sealed class Percentiles
{
    private readonly List<double> _milliseconds = [];

    public int Count
    {
        get
        {
            lock (_milliseconds)
            {
                return _milliseconds.Count;
            }
        }
    }

    public void Add(TimeSpan duration)
    {
        lock (_milliseconds)
        {
            _milliseconds.Add(duration.TotalMilliseconds);
        }
    }

    public double At(double share)
    {
        lock (_milliseconds)
        {
            return _milliseconds.Order().ElementAt((int)Math.Min(_milliseconds.Count - 1, _milliseconds.Count * share));
        }
    }
}
