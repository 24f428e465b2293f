using Outbox.History.Registration;

namespace Outbox.Testing;

/// <summary>Takes a snapshot after each event, and goes on from it.</summary>
internal static class FaithfulSnapshots
{
    private const string Id = "entity-1";

    /// <exception cref="ScenarioException">What is made of a snapshot is not what is made of all events.</exception>
    public static void Check(StateFold fold, object[] events)
    {
        var whole = fold.Write(Folds.Fold(fold, Id, events));
        for (var count = 0; count <= events.Length; count++)
        {
            var snapshot = fold.Write(Folds.Fold(fold, Id, events[..count]));
            var restored = Restore(fold, snapshot, count);
            var again = fold.Write(restored);
            if (again != snapshot)
            {
                throw new ScenarioException($"After {After(events, count)} the state is {snapshot}, but what is read of that is {again}.");
            }

            var continued = fold.Write(Folds.Continue(fold, restored, count, events[count..]));
            if (continued != whole)
            {
                throw new ScenarioException($"All events make {whole}, but a snapshot after {After(events, count)} and the events since make {continued}.");
            }
        }
    }

    private static object Restore(StateFold fold, string snapshot, int version)
    {
        try
        {
            return fold.Read(snapshot, Id, version);
        }
        catch (Exception error)
        {
            throw new ScenarioException($"A snapshot cannot be read again: {error.Message} It is {snapshot}.", error);
        }
    }

    private static string After(object[] events, int count) => count == 0 ? "no event" : $"event {count} ({EventText.Of(events[count - 1])})";
}
