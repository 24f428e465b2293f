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
        Assert.Equal(expected, VersionRule.Decide((stored, last), Stamp(version, id)));

    [Fact]
    public void A_first_change_is_applied_whatever_its_version() =>
        Assert.Equal(ApplyOutcome.Applied, VersionRule.Decide(null, Stamp(7, "m7")));

    [Fact]
    public void G7_any_order_with_any_duplicates_ends_at_the_last_version()
    {
        Gen.Int[1, 20].List[1, 60].Sample(arrivals =>
        {
            (long Version, string? Id)? state = null;
            foreach (var version in arrivals)
            {
                if (VersionRule.Decide(state, Stamp(version, $"m{version}")) == ApplyOutcome.Applied)
                {
                    state = (version, $"m{version}");
                }
            }

            Assert.Equal(arrivals.Max(), state!.Value.Version);
        });
    }

    private static MessageStamp Stamp(long version, string id) => new(id, "e1", version, DateTimeOffset.UnixEpoch);
}
