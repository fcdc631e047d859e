import { publicId } from '#domain';
import { type Problem, problemBody, type ProblemBody } from '#http';
import { newId } from '#storage';

/** A problem as a socket gets it. */
export const realtimeProblem = (problem: Problem): ProblemBody =>
  problemBody(problem, '/socket.io/', publicId('request', newId()));
