"""Runs a graph of one input and one output on the values given as JSON, and prints the output's as one JSON list."""
import json
import sys

import numpy
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1])
values = numpy.array(json.loads(sys.argv[2]), numpy.float32)
(result,) = session.run(None, {session.get_inputs()[0].name: values})
print(json.dumps(result.ravel().tolist()))
