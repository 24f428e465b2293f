using CsCheck;
using Outbox.Embedded.MongoDb.Indexing;

namespace Outbox.Embedded.Tests.MongoDb.Storage;

public sealed class OrderedSetTests
{
    [Fact]
    public void It_is_a_sorted_set_whatever_is_added_and_removed() =>
        Gen.Select(Gen.Int[0, 3000], Gen.Bool).Array[0, 6000].Sample(
            steps =>
            {
                var set = new OrderedSet<int, ByValue>();
                var model = new SortedSet<int>();
                foreach (var (value, add) in steps)
                {
                    Assert.Equal(add ? model.Add(value) : model.Remove(value), add ? set.Add(value) : set.Remove(value));
                }

                Assert.Equal(model, Forward(set, int.MinValue));
                Assert.Equal(model.Reverse(), Backward(set, int.MaxValue));
                Assert.Equal(model.Where(v => v >= 1500), Forward(set, 1500));
                Assert.Equal(model.Where(v => v < 1500).Reverse(), Backward(set, 1500));
                Assert.Equal(model.Count, set.Count);
            },
            iter: 200);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Growing_and_shrinking_at_one_end_keeps_the_order(int direction)
    {
        var set = new OrderedSet<int, ByValue>();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(set.Add(i * direction));
        }

        for (var i = 0; i < 9_990; i++)
        {
            Assert.True(set.Remove(i * direction));
        }

        Assert.Equal(Enumerable.Range(9_990, 10).Select(i => i * direction).Order(), Forward(set, int.MinValue));
    }

    private static IEnumerable<int> Forward(OrderedSet<int, ByValue> set, int from)
    {
        for (var at = set.FirstAtLeast(from); set.TryGet(at, out var item); at = set.Next(at))
        {
            yield return item;
        }
    }

    private static IEnumerable<int> Backward(OrderedSet<int, ByValue> set, int below)
    {
        for (var at = set.LastBelow(below); set.TryGet(at, out var item); at = set.Previous(at))
        {
            yield return item;
        }
    }

    private readonly struct ByValue : IComparer<int>
    {
        public int Compare(int x, int y) => x.CompareTo(y);
    }
}
