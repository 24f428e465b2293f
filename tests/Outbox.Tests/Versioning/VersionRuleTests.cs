using CsCheck;
using Outbox.Versioning;

namespace Outbox.Tests.Versioning;

public sealed class VersionRuleTests
{
    [Theory]
    [InlineData(3, "m3", 4, "m4", ApplyOutcome.Applied)]
    [InlineData(3, "m3", 3, "m3", ApplyOutcome.Duplicate)]
    [InlineData(3, "m3", 3, "other", ApplyOutcome.Stale)]
    [InlineData(3, "m3", 2, "m2", ApplyOutcome.Stale)]
    public void A_change_is_applied_recognised_or_left_out(long stored, string last, long version, string id, ApplyOutcome expected) =>
        Assert.Equal(expected, VersionRule.Decide(new StoredStamp(stored, last), Stamp(version, id)));

    [Fact]
    public void A_first_change_is_applied_whatever_its_version() =>
        Assert.Equal(ApplyOutcome.Applied, VersionRule.Decide(null, Stamp(7, "m7")));

    [Theory]
    [InlineData(5, "b", 6, "a", ApplyOutcome.Applied)]
    [InlineData(5, "b", 5, "c", ApplyOutcome.Applied)]
    [InlineData(5, "b", 5, "a", ApplyOutcome.Stale)]
    [InlineData(5, "b", 5, "b", ApplyOutcome.Duplicate)]
    [InlineData(5, "b", 4, "z", ApplyOutcome.Stale)]
    [InlineData(5, "b", null, "z", ApplyOutcome.Stale)]
    [InlineData(null, "b", null, "c", ApplyOutcome.Applied)]
    public void By_timestamp_ties_go_to_the_greater_id_and_a_missing_one_is_the_oldest(int? stored, string last, int? change, string id, ApplyOutcome expected)
    {
        var state = new StoredStamp(0, last, Time(stored).UtcDateTime);
        Assert.Equal(expected, VersionRule.Decide(state, new MessageStamp(id, "e1", 0, Time(change), MessageOrdering.NewestTimestamp)));
    }

    [Theory]
    [InlineData("m1", ApplyOutcome.Duplicate)]
    [InlineData("m0", ApplyOutcome.Applied)]
    public void In_partition_order_only_the_last_message_is_recognised(string id, ApplyOutcome expected) =>
        Assert.Equal(expected, VersionRule.Decide(new StoredStamp(9, "m1"), Stamp(1, id) with { Ordering = MessageOrdering.Partition }));

    [Fact]
    public void A_deleted_entity_comes_back_by_a_newer_insert_only()
    {
        var tombstone = new StoredStamp(3, "m3", Deleted: true);
        Assert.Equal(ApplyOutcome.Stale, VersionRule.Decide(tombstone, Stamp(4, "m4")));
        Assert.Equal(ApplyOutcome.Applied, VersionRule.Decide(tombstone, Stamp(4, "m4"), revives: true));
        Assert.Equal(ApplyOutcome.Stale, VersionRule.Decide(tombstone, Stamp(2, "m2"), revives: true));
    }

    [Fact]
    public void G7_any_order_with_any_duplicates_ends_at_the_last_version()
    {
        Gen.Int[1, 20].List[1, 60].Sample(arrivals =>
        {
            StoredStamp? state = null;
            foreach (var version in arrivals)
            {
                if (VersionRule.Decide(state, Stamp(version, $"m{version}")) == ApplyOutcome.Applied)
                {
                    state = new StoredStamp(version, $"m{version}");
                }
            }

            Assert.Equal(arrivals.Max(), state!.Value.Version);
        });
    }

    private static DateTimeOffset Time(int? minute) => minute is { } value ? DateTimeOffset.UnixEpoch.AddMinutes(value) : default;

    private static MessageStamp Stamp(long version, string id) => new(id, "e1", version, DateTimeOffset.UnixEpoch);
}
