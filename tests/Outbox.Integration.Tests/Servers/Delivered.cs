using System.Globalization;
using Confluent.Kafka;

namespace Outbox.Integration.Tests.Servers;

/// <summary>Decides from what is on Kafka whether the relay kept its guarantees.</summary>
internal static class Delivered
{
    /// <summary>G3 and G4: every version of every entity is there, and the first occurrences of an entity's versions ascend.</summary>
    public static void AssertCompleteAndOrdered(IEnumerable<ConsumeResult<string, byte[]?>> log, int entities, int versions)
    {
        var byEntity = log.GroupBy(record => record.Message.Key).ToDictionary(group => group.Key, Versions);

        Assert.Equal(entities, byEntity.Count);
        var expected = Enumerable.Range(1, versions).Select(version => (long)version).ToList();
        foreach (var (entity, seen) in byEntity)
        {
            Assert.True(expected.SequenceEqual(seen.Distinct()), $"{entity}: {string.Join(' ', seen)}");
        }
    }

    /// <summary>Nothing was published twice.</summary>
    public static void AssertNoDuplicates(IEnumerable<ConsumeResult<string, byte[]?>> log)
    {
        var twice = log.CountBy(record => record.Header("messageId")!).Where(count => count.Value > 1).Select(count => count.Key).ToList();
        Assert.True(twice.Count == 0, $"{twice.Count} messages were published more than once, for example {twice.FirstOrDefault()}");
    }

    /// <summary>How many records stand behind a newer version of their entity.</summary>
    public static int CountLate(IEnumerable<ConsumeResult<string, byte[]?>> log) => log
        .GroupBy(record => record.Message.Key)
        .Sum(group =>
        {
            var newest = 0L;
            return Versions(group).Count(version => version < (newest = Math.Max(newest, version)));
        });

    private static List<long> Versions(IEnumerable<ConsumeResult<string, byte[]?>> records) =>
        records.Select(record => long.Parse(record.Header("version")!, CultureInfo.InvariantCulture)).ToList();
}
