using Outbox.Embedded.MongoDb.Language;

namespace Outbox.Embedded.Tests.Language.Filters;

public sealed class ArrayMatchingTests
{
    [Theory]
    [InlineData("{ a: 1 }", "{ a: [1, 2] }", true)]
    [InlineData("{ a: [1, 2] }", "{ a: [1, 2] }", true)]
    [InlineData("{ a: [1, 2] }", "{ a: [2, 1] }", false)]
    [InlineData("{ a: [1, 2] }", "{ a: [[1, 2], 3] }", true)]
    [InlineData("{ a: 1 }", "{ a: [[1]] }", false)]
    [InlineData("{ a: [] }", "{ a: [] }", true)]
    [InlineData("{ a: { $gt: 1, $lt: 3 } }", "{ a: [0, 4] }", true)]
    [InlineData("{ a: null }", "{ a: [null] }", true)]
    [InlineData("{ a: null }", "{ a: [] }", false)]
    [InlineData("{ a: { b: 1 } }", "{ a: [{ b: 1 }] }", true)]
    public void An_element_or_the_whole(string filter, string document, bool matches) => MatchingTests.Check(filter, document, matches);

    [Theory]
    [InlineData("{ 'a.b': 1 }", "{ a: [{ b: 2 }, { b: 1 }] }", true)]
    [InlineData("{ 'a.b': 1 }", "{ a: [{ b: [1] }] }", true)]
    [InlineData("{ 'a.b': null }", "{ a: [{ b: 1 }, {}] }", true)]
    [InlineData("{ 'a.b': null }", "{ a: [] }", false)]
    [InlineData("{ 'a.b': null }", "{ a: [1] }", false)]
    [InlineData("{ 'a.b': null }", "{ a: 1 }", true)]
    [InlineData("{ 'a.b': 1 }", "{ a: [[{ b: 1 }]] }", false)]
    [InlineData("{ 'a.0': 1 }", "{ a: [1, 2] }", true)]
    [InlineData("{ 'a.1': 1 }", "{ a: [1, 2] }", false)]
    [InlineData("{ 'a.0.b': 1 }", "{ a: [{ b: 1 }] }", true)]
    [InlineData("{ 'a.1.b': 1 }", "{ a: [{ b: 1 }, { b: 2 }] }", false)]
    [InlineData("{ 'a.0': 5 }", "{ a: [{ '0': 5 }] }", true)]
    [InlineData("{ 'a.0.1': 7 }", "{ a: [[6, 7]] }", true)]
    [InlineData("{ 'a.0': [6, 7] }", "{ a: [[6, 7]] }", true)]
    [InlineData("{ 'a.b.c': 1 }", "{ a: [{ b: [{ c: 1 }] }] }", true)]
    public void Paths_through_arrays(string filter, string document, bool matches) => MatchingTests.Check(filter, document, matches);

    [Theory]
    [InlineData("{ a: { $size: 2 } }", "{ a: [1, 2] }", true)]
    [InlineData("{ a: { $size: 1 } }", "{ a: [[1, 2]] }", true)]
    [InlineData("{ a: { $size: 2 } }", "{ a: [[1, 2]] }", false)]
    [InlineData("{ a: { $size: 0 } }", "{}", false)]
    [InlineData("{ a: { $all: [1, 2] } }", "{ a: [2, 3, 1] }", true)]
    [InlineData("{ a: { $all: [1, 2] } }", "{ a: [1] }", false)]
    [InlineData("{ a: { $all: [] } }", "{ a: [1] }", false)]
    [InlineData("{ a: { $all: [5] } }", "{ a: 5 }", true)]
    [InlineData("{ a: { $all: [/^x/] } }", "{ a: ['y', 'xa'] }", true)]
    [InlineData("{ a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } }", "{ a: [{ b: 1 }, { b: 2 }] }", true)]
    [InlineData("{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }", "{ a: [0, 4] }", false)]
    [InlineData("{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }", "{ a: [0, 2] }", true)]
    [InlineData("{ a: { $elemMatch: { $ne: 1 } } }", "{ a: [1] }", false)]
    [InlineData("{ a: { $elemMatch: { $in: [5, null] } } }", "{ a: [null] }", true)]
    [InlineData("{ a: { $elemMatch: { $not: { $gt: 1 } } } }", "{ a: [2, 1] }", true)]
    [InlineData("{ a: { $elemMatch: { b: 1, c: 2 } } }", "{ a: [{ b: 1 }, { c: 2 }] }", false)]
    [InlineData("{ a: { $elemMatch: { b: 1, c: 2 } } }", "{ a: [{ b: 1, c: 2 }] }", true)]
    [InlineData("{ a: { $elemMatch: { $or: [{ b: 1 }, { c: 2 }] } } }", "{ a: [{ c: 2 }] }", true)]
    [InlineData("{ a: { $elemMatch: { b: 1 } } }", "{ a: { b: 1 } }", false)]
    [InlineData("{ a: { $elemMatch: { $elemMatch: { $eq: 1 } } } }", "{ a: [[1]] }", true)]
    [InlineData("{ a: { $elemMatch: { '0': 1 } } }", "{ a: [[1]] }", true)]
    [InlineData("{ 'a.b': { $elemMatch: { c: 1 } } }", "{ a: [{ b: [{ c: 1 }] }] }", true)]
    public void Array_operators(string filter, string document, bool matches) => MatchingTests.Check(filter, document, matches);
}
