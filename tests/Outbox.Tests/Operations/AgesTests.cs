using Outbox.Operations;

namespace Outbox.Tests.Operations;

public sealed class AgesTests
{
    [Theory]
    [InlineData(0.4, "< 1 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3_600, "1 h")]
    [InlineData(7_800, "2 h 10 min")]
    [InlineData(100_000, "1 d 3 h")]
    [InlineData(3_000_000, "34 d")]
    public void Ages_are_said_as_a_person_says_them(double seconds, string said) => Assert.Equal(said, Ages.Of(TimeSpan.FromSeconds(seconds)));
}
