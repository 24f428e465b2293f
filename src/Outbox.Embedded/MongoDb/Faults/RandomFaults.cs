namespace Outbox.Embedded.MongoDb.Faults;

/// Drops connections at random, from one seed: the same seed and the same commands in the same order fail the same way.
internal sealed class RandomFaults(int seed, double probability)
{
    private static readonly HashSet<string> Spared = ["hello", "isMaster", "ismaster", "configureFailPoint", "endSessions", "killCursors"];
    private readonly Random _random = new(seed);

    public DropMoment? Next(string command)
    {
        if (Spared.Contains(command))
        {
            return null;
        }

        lock (_random)
        {
            return _random.NextDouble() >= probability ? null : _random.Next(2) == 0 ? DropMoment.Before : DropMoment.After;
        }
    }
}
